package orgid

import (
	"errors"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

const (
	// maxForm bounds the form, in bytes.
	maxForm = 16 << 10
	// maxFields bounds its number of fields.
	maxFields = 32
)

var (
	errMalformed   = fault.New(fault.Invalid, fault.CodeMalformed)
	errTooLarge    = fault.New(fault.Invalid, fault.CodeTooLarge)
	errContentType = fault.New(fault.Invalid, fault.CodeOAuthContentType)
)

// form is the fields of one request, each once and with a value.
type form map[string]string

// readForm reads either kind of form that the API takes.
func readForm(w http.ResponseWriter, r *http.Request) (form, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, errContentType.Because(err)
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	var sent url.Values
	switch kind {
	case "application/x-www-form-urlencoded":
		err = r.ParseForm()
		sent = r.PostForm
	case "multipart/form-data":
		if err = r.ParseMultipartForm(maxForm); err == nil {
			sent, err = fieldsOf(r.MultipartForm)
		}
	default:
		return nil, errContentType
	}
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, errTooLarge
	}
	if err != nil {
		return nil, errMalformed.Because(err)
	}
	return fieldsOnce(sent)
}

// fieldsOf are the fields of a multipart form; it has no files.
func fieldsOf(m *multipart.Form) (url.Values, error) {
	if len(m.File) > 0 {
		return nil, errors.Join(errors.New("a file in the form"), m.RemoveAll())
	}
	return m.Value, nil
}

// fieldsOnce refuses fields that came twice, and what no field of the API
// contains.
func fieldsOnce(sent url.Values) (form, error) {
	if len(sent) > maxFields {
		return nil, errTooLarge
	}
	f := make(form, len(sent))
	for name, values := range sent {
		switch {
		case !identity.CleanText(name):
			return nil, errMalformed
		case len(values) != 1:
			return nil, fault.New(fault.Invalid, fault.CodeOAuthTwice).At(name).With("field", name)
		case !identity.CleanText(values[0]):
			return nil, errMalformed.At(name)
		case values[0] != "":
			f[name] = values[0]
		}
	}
	return f, nil
}
