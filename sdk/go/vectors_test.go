package signature

import (
	"encoding/json"
	"errors"
	"flag"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write ../vectors.tsv from ../vectors.json")

// vector is one case of ../vectors.json.
type vector struct {
	Name          string `json:"name"`
	Mode          string `json:"mode"`
	AppKey        string `json:"appKey"`
	AppID         string `json:"appId"`
	CorpID        string `json:"corpId"`
	UserID        string `json:"userId"`
	ExpireTime    int64  `json:"expireTime"`
	Nonce         string `json:"nonce"`
	ClientType    int    `json:"clientType"`
	UserName      string `json:"userName"`
	UserEmail     string `json:"userEmail"`
	UserPhone     string `json:"userPhone"`
	DeptCode      string `json:"deptCode"`
	Text          string `json:"text"`
	Signature     string `json:"signature"`
	Authorization string `json:"authorization"`
	Body          string `json:"body"`
	Refused       Reason `json:"refused"`
}

func (v vector) app() App { return App{Mode: Mode(v.Mode), ID: v.AppID, Key: Key(v.AppKey)} }

func (v vector) login() Login {
	return Login{
		UserID: v.UserID, CorpID: v.CorpID, ExpireTime: v.ExpireTime, Nonce: v.Nonce, ClientType: &v.ClientType,
		UserName: v.UserName, UserEmail: v.UserEmail, UserPhone: v.UserPhone, DeptCode: v.DeptCode,
	}
}

func vectors(t *testing.T) []vector {
	t.Helper()
	data, err := os.ReadFile("../vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Description string   `json:"description"`
		Vectors     []vector `json:"vectors"`
	}
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		t.Fatal(err)
	}
	if len(file.Vectors) < 30 {
		t.Fatalf("only %d vectors", len(file.Vectors))
	}
	return file.Vectors
}

func TestVectors(t *testing.T) {
	all := vectors(t)
	for _, v := range all {
		t.Run(v.Name, func(t *testing.T) {
			text, err := v.app().StringToSign(v.login())
			if v.Refused != "" {
				if r, ok := errors.AsType[*Refusal](err); !ok || r.Reason != v.Refused {
					t.Fatalf("got %v, want a refusal for %q", err, v.Refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if text != v.Text {
				t.Errorf("text\ngot  %q\nwant %q", text, v.Text)
			}
			if got := Sign(Key(v.AppKey), text); got != v.Signature {
				t.Errorf("signature\ngot  %s\nwant %s", got, v.Signature)
			}
			checkRequest(t, v)
		})
	}
	t.Logf("%d vectors", len(all))
}

func checkRequest(t *testing.T, v vector) {
	t.Helper()
	r, err := v.app().Request(v.login())
	if err != nil {
		t.Fatal(err)
	}
	if r.Method != http.MethodPost || r.Path != "/v2/usg/acs/auth/appauth" || r.Text != v.Text || r.Signature != v.Signature {
		t.Errorf("got %s %s, text %q, signature %s", r.Method, r.Path, r.Text, r.Signature)
	}
	if got := string(r.Body); got != v.Body {
		t.Errorf("body\ngot  %s\nwant %s", got, v.Body)
	}
	for name, want := range map[string]string{
		"Authorization": v.Authorization, "X-Token-Type": "LongTicket", "Content-Type": "application/json; charset=UTF-8",
	} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", name, got, want)
		}
	}
	if got, want := AuthorizationWithoutAccess(v.Signature), strings.Split(v.Authorization, ",")[0]; got != want {
		t.Errorf("older header\ngot  %s\nwant %s", got, want)
	}
}

// The table is the same set of vectors for languages without a JSON reader.
func TestTableOfVectors(t *testing.T) {
	escape := strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`)
	var out strings.Builder
	out.WriteString("name\tmode\tappKey\tappId\tcorpId\tuserId\texpireTime\tnonce\tclientType\tuserName\tuserEmail\tuserPhone\t" +
		"deptCode\ttext\tsignature\tauthorization\tbody\trefused\n")
	for _, v := range vectors(t) {
		cells := []string{
			v.Name, v.Mode, v.AppKey, v.AppID, v.CorpID, v.UserID, strconv.FormatInt(v.ExpireTime, 10), v.Nonce,
			strconv.Itoa(v.ClientType), v.UserName, v.UserEmail, v.UserPhone, v.DeptCode, v.Text, v.Signature, v.Authorization,
			v.Body, string(v.Refused),
		}
		for i := range cells {
			cells[i] = escape.Replace(cells[i])
		}
		out.WriteString(strings.Join(cells, "\t") + "\n")
	}
	if *update {
		if err := os.WriteFile("../vectors.tsv", []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile("../vectors.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != out.String() {
		t.Error("vectors.tsv is not what vectors.json gives: run go test ./sdk/go -update")
	}
}
