package signin

import (
	"net/http"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/pages"
)

// wording is what of a refusal does not follow from the kind of its fault.
type wording struct {
	title  pages.Key
	mender pages.Mender
	label  pages.Key
	to     string // "" is the start page
}

// again is the wording of what leads to nothing any more.
func again(to string) wording {
	return wording{"refusal.title.expired", pages.MenderVisitor, pages.ActionStartAgain, to}
}

// byAdministrator is the wording of what only an administrator can change.
func byAdministrator() wording {
	return wording{"refusal.title.forbidden", pages.MenderAdministrator, pages.ActionStartAgain, "/sso"}
}

// byInviter is the wording of a link that whoever sent it can send again.
func byInviter() wording {
	return wording{"refusal.title.expired", pages.MenderAdministrator, pages.ActionHome, "/"}
}

// wordings are by code; the rest is by kind.
var wordings = map[fault.Code]wording{
	fault.CodeTicket:       again("/login"),
	fault.CodeSpent:        again("/login"),
	fault.CodeAttemptEnded: again("/sso"),
	fault.CodeSessionEnded: again("/login"),

	fault.CodeSourceFailed: {"", pages.MenderAdministrator, pages.ActionTryAgain, "/sso"},
	fault.CodeSourceDenied: {"", pages.MenderVisitor, pages.ActionTryAgain, "/sso"},
	fault.CodeSSOUnknown:   {"", pages.MenderAdministrator, pages.ActionStartAgain, "/sso"},

	fault.CodeSourceNotOffered: {"", pages.MenderAdministrator, pages.ActionStartAgain, "/login"},
	fault.CodeSourceNoMember:   {"refusal.title.forbidden", pages.MenderAdministrator, pages.ActionStartAgain, "/login"},

	fault.CodeInvitationNotFound:  byInviter(),
	fault.CodeInvitationCancelled: byInviter(),
	fault.CodeInvitationExpired:   byInviter(),
	fault.CodeInvitationGone:      byInviter(),
	fault.CodeInvitationUsed:      {"refusal.title.expired", pages.MenderVisitor, pages.ActionSignIn, "/login"},
	fault.CodeHandoverNotFound:    byInviter(),
	fault.CodeHandoverEnded:       byInviter(),
	fault.CodeRegistrationOff:     {"", pages.MenderAdministrator, pages.ActionSignIn, "/login"},

	fault.CodeSSOScheme:           byAdministrator(),
	fault.CodeLinkExists:          byAdministrator(),
	fault.CodeMemberLimit:         byAdministrator(),
	fault.CodeAutoCreateForbidden: byAdministrator(),
	fault.CodeSSOOnly:             {"", pages.MenderVisitor, pages.ActionEnterprise, "/sso"},
	fault.CodeSSOPassword:         {"refusal.title.forbidden", pages.MenderVisitor, pages.ActionEnterprise, "/sso"},
}

// statusOf is the status of a form that is shown again.
func statusOf(f *fault.Error) int {
	if f.Kind == fault.Invalid {
		return http.StatusUnprocessableEntity
	}
	return pages.Status(f.Kind)
}

// refusal is the one place where a fault becomes a page.
func (s *Surface) refusal(v *visit, err error) reply {
	f := fault.Of(err)
	if f.Kind == fault.Internal {
		s.Log.ErrorContext(v.context(), "sign-in", "error", err)
	}
	content := pages.Refusal{Fault: f, Code: v.code, Action: pages.Action{Label: pages.ActionHome, Address: "/"}}
	if content.Code == "" {
		content.Code = v.origin.RequestID
	}
	if w, ok := wordings[f.Code]; ok {
		content.Title, content.Mender = w.title, w.mender
		content.Action = pages.Action{Label: w.label, Address: v.wayFrom(f, w)}
	}
	answer := show(content)
	switch f.Code {
	case fault.CodeMethod:
		return answer.with(http.StatusMethodNotAllowed)
	case fault.CodeFormRefused:
		// Also a path that no route has comes here, such as one of two slashes.
		if own, ok := ownPath(v.r.URL.Path); ok {
			content.Action = pages.Action{Label: pages.ActionStartAgain, Address: own}
		}
		return show(content)
	}
	return answer
}

// wayFrom is where the button of a refusal leads. What is tried again on the way
// to an application is its own request, which asks for everything anew.
func (v *visit) wayFrom(f *fault.Error, w wording) string {
	domain, _ := f.Params["domain"].(string)
	switch {
	case v.r.URL.Path == "/password/reset":
		return "/password/forgotten"
	case strings.HasPrefix(v.r.URL.Path, sourcePath) && (w.label == pages.ActionTryAgain || w.label == pages.ActionStartAgain):
		// The page that offers other ways too: what an application hints at would
		// lead to the same source again.
		return v.address("/login", nil)
	case v.flow.Passage != nil && (w.label == pages.ActionTryAgain || w.label == pages.ActionStartAgain):
		return v.flow.ReturnTo
	case domain != "":
		return v.enterpriseAddress(domain)
	}
	return w.to
}
