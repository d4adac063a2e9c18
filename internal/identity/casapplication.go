package identity

import (
	"net/url"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/fault"
)

const (
	// MaxService bounds the address of a service, in bytes (OrgID: service).
	MaxService = 1024
	// maxPrefixes is how many prefixes an application may name.
	maxPrefixes = 20
)

// CASSettings is the settings block of CAS applications. A service is an address
// of the application at which people are signed in (CAS Protocol 3.0.3, 2.1.1):
// each home URL, byte by byte, and whatever lies under a prefix.
type CASSettings struct {
	// ServicePrefixes are addresses with a path. Every address at the same scheme,
	// host and port whose path is that one, or goes on below it segment by
	// segment, is a service.
	ServicePrefixes []string
	// Proxy lets the application act for people at other applications (2.7).
	Proxy bool
	// SingleLogout has it told at the end of a session (2.3.3).
	SingleLogout bool
	// LogoutURL is told in place of the service that was entered, "" for the
	// service.
	LogoutURL string
}

// DefaultCAS returns the settings of an application of which nothing is known
// but that it speaks CAS.
func DefaultCAS() CASSettings { return CASSettings{SingleLogout: true} }

// ticketField is what an answer adds to a service. No service brings one of its
// own: whoever reads the first would take somebody else's.
const ticketField = "ticket"

// readService reads an address that every browser and server understands as we
// do, and names what it should be if it is none.
func readService(text string) (*url.URL, string) {
	if len(text) > MaxService {
		return nil, wantAbsolute
	}
	u, want := parsePlain(text)
	if want != "" {
		return nil, want
	}
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, wantScheme
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, wantHTTPS
	}
	if want := webFlaw(u); want != "" {
		return nil, want
	}
	if !plainPath(u.EscapedPath()) || u.Query().Has(ticketField) {
		return nil, wantPath
	}
	return u, ""
}

// plainPath reports whether a path is read alike by everybody: no segment goes
// up or stays, also not behind a parameter as in "..;x", and nothing is encoded
// that means something when it is not.
func plainPath(path string) bool {
	for rest := path; ; {
		_, after, found := strings.Cut(rest, "%")
		if !found {
			break
		}
		// url.Parse has seen that two hexadecimal digits follow.
		plain, err := url.PathUnescape("%" + after[:2])
		if err != nil || plain < " " || plain == "\x7f" || strings.Contains(`/\.;%`, plain) {
			return false
		}
		rest = after
	}
	for segment := range strings.SplitSeq(path, "/") {
		name, _, _ := strings.Cut(segment, ";")
		if name == "." || name == ".." {
			return false
		}
	}
	return true
}

// Serves reports whether an address is a service of the application: a home URL
// byte by byte, or one under a prefix. An address that is unsafe is none.
func (a Application) Serves(service string) bool {
	if a.CAS == nil {
		return false
	}
	if _, want := readService(service); want != "" {
		return false
	}
	return slices.Contains(a.HomeURLs, service) ||
		slices.ContainsFunc(a.CAS.ServicePrefixes, func(prefix string) bool { return under(prefix, service) })
}

// under reports whether an address lies under a prefix, which has a path. Both
// are compared as they are written: what is spelled otherwise is another address.
func under(prefix, service string) bool {
	folder, isFolder := strings.CutSuffix(prefix, "/")
	rest, ok := strings.CutPrefix(service, folder)
	if !ok {
		return false
	}
	return strings.HasPrefix(rest, "/") || !isFolder && (rest == "" || rest[0] == '?')
}

// LeadsOut reports whether somebody who signs out, and of whom nothing is proven
// but that they used the application, may be sent to an address: it is the exit
// address, or has its origin, or is a service.
func (a Application) LeadsOut(address string) bool {
	return a.ExitURL != "" && (address == a.ExitURL || SameOrigin(address, a.ExitURL)) || a.Serves(address)
}

// ServiceOrigin returns scheme, host and port of a service in one spelling, ""
// for an address that is unsafe as one.
func ServiceOrigin(service string) string {
	u, want := readService(service)
	if want != "" {
		return ""
	}
	return u.Scheme + "://" + originHost(u)
}

// ServiceOrigins returns where the application has services, in order, each
// once; nil for one that speaks another protocol.
func (a Application) ServiceOrigins() []string {
	if a.CAS == nil {
		return nil
	}
	var all []string
	for _, address := range slices.Concat(a.HomeURLs, a.CAS.ServicePrefixes) {
		if origin := ServiceOrigin(address); origin != "" {
			all = append(all, origin)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// SharedService returns an address of the application that another one claims,
// too, with the field it stands in; both are "" where they share none.
func (a Application) SharedService(other Application) (address, field string) {
	if a.CAS == nil || other.CAS == nil {
		return "", ""
	}
	for _, home := range a.HomeURLs {
		if other.Serves(home) || slices.ContainsFunc(other.HomeURLs, func(theirs string) bool { return theirs == home }) {
			return home, fieldHomeURLs
		}
	}
	for _, prefix := range a.CAS.ServicePrefixes {
		theirs := slices.Concat(other.HomeURLs, other.CAS.ServicePrefixes)
		if other.Serves(prefix) || slices.ContainsFunc(theirs, func(one string) bool { return one == prefix || under(prefix, one) }) {
			return prefix, fieldPrefixes
		}
	}
	return "", ""
}

// The fields of a CAS application, as faults name them.
const (
	fieldHomeURLs  = "home_urls"
	fieldPrefixes  = "cas.service_prefixes"
	fieldLogoutURL = "cas.logout_url"
)

// casNames are the attributes that the protocol itself sets (CAS Protocol
// 3.0.3, 2.5.7). No rule replaces one.
const casNames = " authenticationDate longTermAuthenticationRequestTokenUsed isFromNewLogin token "

// attributeName is what an element can be called (Namespaces in XML 1.0, 4).
var attributeName = pattern(`^[A-Za-z_][A-Za-z0-9._-]{0,127}$`)

// checkCAS checks what CAS adds.
func (a Application) checkCAS(f *flaws) {
	if a.CAS == nil {
		f.add(fault.New(fault.Invalid, fault.CodeFieldMissing).At("cas").With("field", "cas"))
		return
	}
	for _, home := range a.HomeURLs {
		if CheckHomeURL(home, false) == nil {
			f.add(serviceFault(home, fieldHomeURLs, serviceFlaw(home)))
		}
	}
	f.count(fieldPrefixes, len(a.CAS.ServicePrefixes), maxPrefixes)
	for _, prefix := range a.CAS.ServicePrefixes {
		f.add(serviceFault(prefix, fieldPrefixes, prefixFlaw(prefix)))
	}
	if hasTwins(a.CAS.ServicePrefixes) {
		f.add(fault.New(fault.Invalid, fault.CodeListTwice).At(fieldPrefixes))
	}
	if a.CAS.LogoutURL != "" {
		f.add(checkWebURL(fieldLogoutURL, a.CAS.LogoutURL))
	}
	for _, rule := range a.Claims {
		f.unless(attributeName().MatchString(rule.Claim), "claims", "want.claim_name_xml")
		if strings.Contains(casNames, " "+rule.Claim+" ") {
			f.add(fault.New(fault.Invalid, fault.CodeClaimReserved).At("claims").With("claim", rule.Claim))
		}
	}
	if len(a.Secrets) > 0 {
		f.add(fault.New(fault.Invalid, fault.CodeFieldUnwanted).At("client_secret"))
	}
}

func serviceFault(address, field, want string) *fault.Error {
	if want == "" {
		return nil
	}
	return fault.New(fault.Invalid, fault.CodeRedirectUnsafe).At(field).With("url", address).With("want", want)
}

func serviceFlaw(text string) string {
	_, want := readService(text)
	return want
}

// prefixFlaw names what a prefix should be, "" when it is well.
func prefixFlaw(text string) string {
	if _, want := parseAddress(text); want != "" {
		return want
	}
	u, want := readService(text)
	switch {
	case want != "":
		return want
	case u.Path == "", strings.Contains(text, "?"):
		return wantPrefix
	}
	return ""
}
