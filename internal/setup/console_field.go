package setup

import (
	"strings"

	"github.com/orgate/orgate/internal/trace"
)

// mends tells which field of the form mends a failing check, where the name of
// the check does not say so by its beginning.
var mends = map[trace.Check]string{
	trace.AuthorizeClient: "client_id", trace.AuthorizeScope: "scope", trace.AuthorizeRedirect: "callback",
	trace.TokenClient: "client_secret", trace.TokenClientID: "client_id", trace.TokenField: "fields.access_token",
	trace.IDTokenMissing: "scope", trace.IDTokenAudience: "client_id",
	trace.NameField: "fields.name", trace.EmailField: "fields.email", trace.MobileField: "fields.mobile", trace.PictureField: "fields.picture",
}

// mendsByBeginning tells it for the others.
var mendsByBeginning = []struct{ beginning, field string }{
	{"authorize_", "authorize_url"},
	{"token_", "token_url"},
	{"id_token_", "token_url"},
	{"userinfo_", "userinfo_url"},
	{"account_", "account_field"},
}

// fieldOf is the field of the form that mends a failing check, "" for none.
func fieldOf(check trace.Check) string {
	if field, ok := mends[check]; ok {
		return field
	}
	for _, m := range mendsByBeginning {
		if strings.HasPrefix(string(check), m.beginning) {
			return m.field
		}
	}
	return ""
}
