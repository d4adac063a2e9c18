package meeting

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"testing"

	"github.com/orgate/orgate/internal/fault"
)

// elsewhere are the codes that only other surfaces can meet, by prefix.
var elsewhere = regexp.MustCompile(`^(setup_|form_|csrf_|task_|import_|session_|try_|trace_|api_token_|egress_|cursor_|outbox_|mail_|message_|sms_url|manifest_|config_|login_required|consent_|interaction_|access_denied|entry_|request_|application_|responsible_|protocol_|secret_|redirect_|claim_|list_|icon_|grant_|group_|region_|policy_|factor_|privacy_|sync_|webhook_|source_name|source_limit|source_used|source_default|source_not_offered|source_kind_limit|source_disabled|domain_|invitation_|handover_|quota_|person_only|registration_off|organizations_off|organization_quota|organization_switch|account_owns|token_expired|token_revoked)`)

func TestEveryKindIsTold(t *testing.T) {
	for _, kind := range fault.Kinds() {
		r, ok := repliesByKind[kind]
		if !ok {
			t.Errorf("kind %s has no reply", kind)
		}
		checkReply(t, kind.String(), r)
	}
}

func TestEveryCodeIsTold(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../fault/codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		literal, ok := node.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return true
		}
		code, _ := strconv.Unquote(literal.Value)
		n++
		if _, told := replies[fault.Code(code)]; !told && !elsewhere.MatchString(code) {
			t.Errorf("code %s has no reply: give it a row in fault.go, or its prefix one in this test", code)
		}
		return true
	})
	if n < 80 {
		t.Errorf("read %d codes, want the whole list", n)
	}
	for code, r := range replies {
		checkReply(t, string(code), r)
	}
	for _, o := range operations {
		for code, r := range o.replies {
			checkReply(t, o.path+" "+string(code), r)
		}
	}
}

func checkReply(t *testing.T, name string, r reply) {
	t.Helper()
	if r.status < 400 || r.status > 599 || !regexp.MustCompile(`^USG\.\d{9}$`).MatchString(r.code) {
		t.Errorf("%s: reply %+v, want an error status and USG. with nine digits", name, r)
	}
}

func TestReplyTo(t *testing.T) {
	own := &operation{replies: map[fault.Code]reply{fault.CodeLocked: replyBusy}}
	for _, c := range []struct {
		o    *operation
		f    *fault.Error
		want reply
	}{
		{&operation{}, fault.New(fault.TooMany, fault.CodeLocked), replyLocked},
		{own, fault.New(fault.TooMany, fault.CodeLocked), replyBusy},
		{&operation{}, fault.New(fault.Forbidden, "unheard_of"), replyRole},
		{&operation{}, fault.New(fault.Kind(99), "unheard_of"), replyInternal},
		{&operation{}, fault.Of(errors.New("a broken disk")), replyInternal},
	} {
		if got := replyTo(c.o, c.f); got != c.want {
			t.Errorf("replyTo(%s) = %+v, want %+v", c.f.Code, got, c.want)
		}
	}
}

// What went wrong inside stays inside.
func TestInternalFaultsSayNothing(t *testing.T) {
	h := newHouse(t)
	o := operation{path: "/broken", do: func(*meeting, *call) (any, error) { return nil, errors.New("SELECT secret FROM vault") }}
	w := httptest.NewRecorder()
	h.surface.meeting.serve(w, httptest.NewRequest(http.MethodGet, "/broken", nil), &o)
	refused(t, w, 500, "USG.000000002")
	if regexp.MustCompile(`vault|SELECT`).Match(w.Body.Bytes()) {
		t.Errorf("body = %s", w.Body)
	}
	// An answer that cannot be written is a fault too.
	o.do = func(*meeting, *call) (any, error) { return func() {}, nil }
	w = httptest.NewRecorder()
	h.surface.meeting.serve(w, httptest.NewRequest(http.MethodGet, "/broken", nil), &o)
	refused(t, w, 500, "USG.000000002")
}
