package meeting

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/orgate/orgate/internal/fault"
)

// reply is how a fault is told on this wire: an HTTP status and a code of the
// Meeting API (7.3). Codes marked local have no published number; they keep
// the group of the published ones.
type reply struct {
	status int
	code   string
}

// The replies that stand for many faults, and those which this file chooses
// itself.
var (
	replyParameter  = reply{http.StatusBadRequest, "USG.000000003"}
	replyTooLarge   = reply{http.StatusRequestEntityTooLarge, "USG.000000003"}
	replyBusy       = reply{http.StatusTooManyRequests, "USG.000000001"}
	replyInternal   = reply{http.StatusInternalServerError, "USG.000000002"}
	replyDown       = reply{http.StatusServiceUnavailable, "USG.000000005"}
	replyHeader     = reply{http.StatusUnauthorized, "USG.000000004"}
	replyToken      = reply{http.StatusUnauthorized, "USG.206020000"}
	replyRole       = reply{http.StatusForbidden, "USG.201020001"} // local
	replyNoPath     = reply{http.StatusNotFound, "USG.000000404"}  // local
	replyNoMethod   = reply{http.StatusMethodNotAllowed, "USG.000000405"}
	replyDepartment = reply{http.StatusBadRequest, "USG.201030400"} // local: not empty, or a limit
	replyNoUser     = reply{http.StatusBadRequest, "USG.201040000"}
	replyWeak       = reply{http.StatusBadRequest, "USG.201040016"}
	replyContact    = reply{http.StatusBadRequest, "USG.201040020"}
	replyAppID      = reply{http.StatusUnauthorized, "USG.206010025"}
	replySignIn     = reply{http.StatusUnauthorized, "USG.206010000"}
	replyLocked     = reply{http.StatusLocked, "USG.206030015"}
	replyAuthType   = reply{http.StatusBadRequest, "USG.206010024"} // another way of signing in is asked for
	replyDisabled   = reply{http.StatusPreconditionFailed, "USG.206010007"}
)

// replies says how each code is told. A row of the routes may say it
// otherwise for one operation. A test holds it against the list of codes.
var replies = map[fault.Code]reply{
	fault.CodeInternal: replyInternal, fault.CodeKeyUnknown: replyInternal,
	fault.CodeUnavailable:     replyDown,
	fault.CodeUnauthenticated: replyHeader,
	fault.CodeForbidden:       replyRole,
	fault.CodeNotFound:        replyParameter,
	fault.CodeMethod:          replyNoMethod,
	fault.CodeConflict:        replyParameter, fault.CodeStale: replyParameter,
	fault.CodeRateLimited: replyBusy, fault.CodeTooLarge: replyTooLarge,
	fault.CodeMalformed: replyParameter, fault.CodeFieldMissing: replyParameter, fault.CodeFieldType: replyParameter,
	fault.CodeFieldRange: replyParameter, fault.CodeFieldLength: replyParameter, fault.CodeFieldFormat: replyParameter,
	fault.CodeFieldUnknown: replyParameter, fault.CodeFieldChoice: replyParameter, fault.CodeFieldUnwanted: replyParameter,
	fault.CodeCursor: replyParameter, fault.CodeSpent: replyToken, fault.CodeTicket: replyToken,

	fault.CodeOrganizationNotFound: {http.StatusBadRequest, "USG.201020404"}, // local
	fault.CodeOrganizationExists:   {http.StatusBadRequest, "USG.201020409"}, // local
	fault.CodeOrganizationCode:     replyParameter, fault.CodeOrganizationInactive: replyDisabled,
	fault.CodeOrganizationDissolving: replyDisabled, fault.CodeConfirmation: replyParameter,
	fault.CodeDepartmentNotFound: {http.StatusBadRequest, "USG.201030404"}, // local
	fault.CodeDepartmentExists:   {http.StatusBadRequest, "USG.201030409"}, // local
	fault.CodeDepartmentNotEmpty: replyDepartment, fault.CodeDepartmentRoot: replyDepartment,
	fault.CodeDepartmentBelowItself: replyDepartment, fault.CodeDepartmentLevels: replyDepartment,
	fault.CodeDepartmentCount: replyDepartment, fault.CodeDepartmentChildren: replyDepartment,
	fault.CodeDepartmentCodeChange: replyDepartment,

	fault.CodeMemberNotFound: replyNoUser, fault.CodeAccountNotFound: replyNoUser, fault.CodeAdministratorNotFound: replyNoUser,
	fault.CodeMemberExists: {http.StatusBadRequest, "USG.201040001"}, fault.CodeAccountTaken: {http.StatusBadRequest, "USG.201040001"},
	fault.CodeThirdAccountTaken: {http.StatusBadRequest, "USG.201040001"}, fault.CodeMemberState: replyParameter,
	fault.CodeMemberLimit: {http.StatusBadRequest, "USG.201040005"}, fault.CodeAccountFormat: replyParameter,
	fault.CodeMobileTaken: replyContact, fault.CodeEmailTaken: replyContact,
	fault.CodeMobileFormat: replyParameter, fault.CodeEmailFormat: replyParameter,
	fault.CodeAttributeNotFound: replyParameter, fault.CodeAttributeExists: replyParameter, fault.CodeAttributeInUse: replyParameter,
	fault.CodeAttributeLimit: replyParameter, fault.CodeAccountForeign: replyParameter,
	fault.CodeOutsideDepartments: replyRole, fault.CodeAdministratorNowhere: replyParameter, fault.CodeAdministeredLimit: replyParameter,
	fault.CodeOwnerProtected: {http.StatusForbidden, "USG.201040047"}, fault.CodeOwnerNotOrdinary: {http.StatusForbidden, "USG.201040047"},
	fault.CodeLastAdministrator: {http.StatusForbidden, "USG.201040047"},
	fault.CodeAlreadyOwner:      {http.StatusBadRequest, "USG.201020023"}, fault.CodeOwnerElsewhere: {http.StatusBadRequest, "USG.201020023"},
	fault.CodeAutoCreateForbidden: {http.StatusForbidden, "USG.206010030"}, fault.CodeAutoCreateFailed: {http.StatusInternalServerError, "USG.206010031"},

	fault.CodeSignInFailed: replySignIn, fault.CodeMemberDisabled: replyDisabled, fault.CodeMemberExpired: replyDisabled, fault.CodeLocked: replyLocked,
	fault.CodeSSOOnly: replyAuthType, fault.CodeAuthType: replyAuthType,
	fault.CodeSSOPassword: {http.StatusBadRequest, "USG.206030028"}, fault.CodePasswordChange: replyRole,

	fault.CodeSourceFailed: {http.StatusUnauthorized, "USG.206010022"}, fault.CodeSourceDenied: {http.StatusUnauthorized, "USG.206010022"},
	fault.CodeAttemptEnded: {http.StatusUnauthorized, "USG.206010022"}, fault.CodeSSOUnknown: {http.StatusBadRequest, "USG.206010023"},
	fault.CodeSSOScheme: {http.StatusBadRequest, "USG.206010023"}, fault.CodeSSODomainReserved: replyParameter, fault.CodeSSOSecretRequired: replyParameter,
	fault.CodeSSOUntried: replyParameter, fault.CodeTryNotFound: replyParameter,

	fault.CodePasswordOld: {http.StatusBadRequest, "USG.206030006"}, fault.CodePasswordLength: {http.StatusBadRequest, "USG.206030007"},
	fault.CodePasswordClasses: {http.StatusBadRequest, "USG.206030008"}, fault.CodePasswordRecent: {http.StatusBadRequest, "USG.206030009"},
	fault.CodePasswordRepeats: {http.StatusBadRequest, "USG.206030010"}, fault.CodePasswordTooSoon: {http.StatusBadRequest, "USG.206030011"},
	fault.CodePasswordAccount: {http.StatusBadRequest, "USG.206030012"}, fault.CodePasswordSimilar: {http.StatusBadRequest, "USG.206030013"},
	fault.CodePasswordIllegal: {http.StatusBadRequest, "USG.206030014"}, fault.CodePasswordBreached: {http.StatusBadRequest, "USG.201040016"},
	fault.CodePasswordForbidden: {http.StatusForbidden, "USG.206030016"}, fault.CodePasswordAbsent: {http.StatusBadRequest, "USG.206030005"},

	fault.CodeCaptchaRequired: {http.StatusBadRequest, "USG.206010011"}, fault.CodeCaptchaFailed: {http.StatusBadRequest, "USG.206010012"},
	fault.CodeCaptchaToken: {http.StatusBadRequest, "USG.206060010"},
	fault.CodeCodeWrong:    {http.StatusBadRequest, "USG.206030002"}, fault.CodeCodeExpired: {http.StatusBadRequest, "USG.206030001"},
	fault.CodeCodeAttempts: {http.StatusBadRequest, "USG.206030019"}, fault.CodeCodeTooSoon: {http.StatusBadRequest, "USG.206030004"},
	fault.CodeCodeLocked: {http.StatusBadRequest, "USG.206060008"}, fault.CodeCodeDaily: {http.StatusBadRequest, "USG.206030018"},
	fault.CodeMessageLimit:  {http.StatusBadRequest, "USG.206030018"},
	fault.CodeCodeNoContact: {http.StatusBadRequest, "USG.206030003"}, fault.CodeCodeSend: {http.StatusInternalServerError, "USG.206030023"},
	fault.CodeSMSUnsupported: {http.StatusBadRequest, "USG.206060012"},

	fault.CodeAppIDNotFound: {http.StatusBadRequest, "USG.206010404"}, // local
	fault.CodeAppIDExists:   {http.StatusBadRequest, "USG.206010409"}, // local
	fault.CodeAppIDLimit:    {http.StatusBadRequest, "USG.206010400"}, // local
	fault.CodeAppIDFormat:   replyParameter, fault.CodeAppKeyFormat: replyParameter,
	fault.CodeAppIDRefused: replyAppID, fault.CodeNonceUsed: replyAppID,
	fault.CodeSignatureExpired: {http.StatusUnauthorized, "USG.206010057"},
	fault.CodeSignatureForever: replyAppID, fault.CodeSignatureFar: replyAppID,

	// Those of enterprise SSO are local: no published code exists for them.
	fault.CodeSourceNotFound: {http.StatusBadRequest, "USG.206010424"}, fault.CodeSourceExists: {http.StatusBadRequest, "USG.206010429"},
	fault.CodeSourceNoMember: {http.StatusForbidden, "USG.206010432"}, fault.CodeSourceProve: {http.StatusUnauthorized, "USG.206010433"},
	fault.CodeLinkNotFound: {http.StatusBadRequest, "USG.206010434"}, fault.CodeLinkLast: {http.StatusBadRequest, "USG.206010435"},
	fault.CodeMemberGuest: {http.StatusBadRequest, "USG.206010436"},
	fault.CodeLinkExists:  {http.StatusBadRequest, "USG.206010430"}, fault.CodeSSODomainTaken: {http.StatusBadRequest, "USG.206010431"},

	// No codes are published for resources, terminals and rooms that are not
	// there or in use: these are local, but those of activation codes and of equal
	// passwords.
	fault.CodeResourceNotFound: {http.StatusBadRequest, "USG.201020414"}, fault.CodeResourceExists: {http.StatusBadRequest, "USG.201020419"},
	fault.CodeResourceInUse: {http.StatusBadRequest, "USG.201020410"}, fault.CodeResourceLimit: {http.StatusBadRequest, "USG.201050400"},
	fault.CodeMembersGranted: replyParameter, fault.CodeContactMissing: replyParameter,
	fault.CodeTerminalNotFound: {http.StatusBadRequest, "USG.201050404"}, fault.CodeTerminalExists: {http.StatusBadRequest, "USG.201050409"},
	fault.CodeTerminalForeign: replyHeader, fault.CodeActivationNotFound: {http.StatusBadRequest, "USG.201050012"},
	fault.CodeActivationUnsupported: {http.StatusBadRequest, "USG.206040000"}, fault.CodeActivationResets: replyBusy,
	fault.CodeRoomNotFound: {http.StatusBadRequest, "USG.201080404"}, fault.CodeRoomAssigned: {http.StatusBadRequest, "USG.201080409"},
	fault.CodeRoomLimit: {http.StatusBadRequest, "USG.201080400"}, fault.CodeRoomPasswords: {http.StatusBadRequest, "USG.201080006"},

	fault.CodeRoomNumber:      {http.StatusBadRequest, "USG.201080410"}, // local
	fault.CodeContactNotFound: replyParameter, fault.CodeContactLimit: replyParameter,
	fault.CodePictureNotFound: replyParameter, fault.CodePictureFormat: {http.StatusUnsupportedMediaType, "USG.000000003"},
	fault.CodePictureTooLarge: replyTooLarge,

	fault.CodeTokenMissing: replyHeader, fault.CodeTokenUnknown: replyToken, fault.CodeTokenForeign: replyToken,
	fault.CodeTokenKicked: {http.StatusUnauthorized, "USG.206020002"},
}

// repliesByKind says how a fault is told whose code has no row above, such as
// one that a use case brings along.
var repliesByKind = map[fault.Kind]reply{
	fault.Internal: replyInternal, fault.Invalid: replyParameter, fault.Unauthenticated: replyHeader,
	fault.Forbidden: replyRole, fault.NotFound: replyParameter, fault.Conflict: replyParameter,
	fault.Stale: replyParameter, fault.Expired: replyParameter, fault.TooMany: replyBusy, fault.Unavailable: replyDown,
}

// replyTo chooses how a fault of an operation is told.
func replyTo(o *operation, f *fault.Error) reply {
	if r, ok := o.replies[f.Code]; ok {
		return r
	}
	if r, ok := replies[f.Code]; ok {
		return r
	}
	if r, ok := repliesByKind[f.Kind]; ok {
		return r
	}
	return replyInternal
}

// refuse writes the error body (Meeting API, 7.1). What went wrong inside is
// for the log alone.
func (m *meeting) refuse(w http.ResponseWriter, c *call, err error) {
	f := fault.Of(err)
	r := replyTo(c.operation, f)
	if r.status >= http.StatusInternalServerError {
		m.o.Log.Error("meeting call failed", "path", c.operation.path, "request_id", c.origin.RequestID, "err", err)
	}
	if seconds, ok := waitOf(r, f); ok {
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	b := m.buffer()
	j := writer{b: b.bytes}
	j.begin()
	j.text("error_code", r.code)
	j.text("error_msg", m.sentence(c, f))
	j.text("request_id", c.origin.RequestID)
	j.end()
	b.bytes = j.b
	write(w, r.status, b.bytes)
	m.release(b)
}

// sentence says what is wrong, and with which field where the sentence itself
// does not.
func (m *meeting) sentence(c *call, f *fault.Error) string {
	text := m.o.Catalogue.Fault(c.language(), f)
	if f.Field == "" || strings.Contains(text, f.Field) {
		return text
	}
	return f.Field + ": " + text
}

// waitOf says after how many seconds a refused call may come again.
func waitOf(r reply, f *fault.Error) (seconds int, ok bool) {
	switch r.status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusLocked:
		seconds, ok = f.Params["seconds"].(int)
		return max(seconds, 1), ok || r.status != http.StatusLocked
	}
	return 0, false
}
