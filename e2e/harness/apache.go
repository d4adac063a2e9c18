package harness

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Certificate is one for 127.0.0.1 with its key, which is its own authority.
type Certificate struct {
	CertFile, KeyFile string
	client            *http.Client // trusts it
}

// NewCertificate writes the certificate of Go's own test servers into files that
// everybody may read: the key is public knowledge.
func NewCertificate(t testing.TB) Certificate {
	t.Helper()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	pair := server.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := openDir(t)
	c := Certificate{filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), server.Client()}
	for file, block := range map[string]*pem.Block{
		c.CertFile: {Type: "CERTIFICATE", Bytes: pair.Certificate[0]}, c.KeyFile: {Type: "PRIVATE KEY", Bytes: key},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o644); err != nil { //nolint:gosec // Apache gives up root's rights and reads it
			t.Fatal(err)
		}
	}
	return c
}

// openDir is a folder that other users of the machine may enter, which those of
// testing are not.
func openDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "orgate-apache-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // Apache gives up root's rights and reads it
		t.Fatal(err)
	}
	return dir
}

// StartWithTLS starts a node that serves https itself.
func (i *Installation) StartWithTLS(t testing.TB, c Certificate, settings ...string) *Node {
	t.Helper()
	n := i.Start(t, append([]string{"ORGATE_TLS_CERT=" + c.CertFile, "ORGATE_TLS_KEY=" + c.KeyFile, "ORGATE_EGRESS_CA=" + c.CertFile}, settings...)...)
	n.URL = strings.Replace(n.URL, "http:", "https:", 1)
	n.client.Transport = c.client.Transport
	return n
}

// Apache is a web server whose pages below /app/ are open to those whom
// mod_auth_cas lets in. It answers with the account in X-User, and with what it
// was told besides in headers that begin with CAS-.
type Apache struct {
	URL string
	dir string
}

// apacheModules are those of Debian's package that are needed.
const apacheModules = "mpm_event authn_core authz_core authz_user ssl headers dir auth_cas"

// apacheConfig is filled in with folder, address, certificate, key, and the
// address of the node.
const apacheConfig = `
ServerName 127.0.0.1
Listen %[2]s
PidFile %[1]s/pid
ErrorLog %[1]s/error.log
LogLevel warn auth_cas:debug
DefaultRuntimeDir %[1]s
Mutex file:%[1]s default
DocumentRoot %[1]s/www
StartServers 1
MinSpareThreads 4
MaxSpareThreads 8
ThreadsPerChild 8
MaxRequestWorkers 8
SSLEngine on
SSLCertificateFile %[3]s
SSLCertificateKeyFile %[4]s
CASVersion 2
CASDebug On
CASCookiePath %[1]s/sessions/
CASLoginURL %[5]s/cas/login
CASValidateURL %[5]s/cas/p3/serviceValidate
CASCertificatePath %[3]s
CASSSOEnabled On
CASAttributePrefix CAS-
<Location /app/>
  AuthType CAS
  CASAuthNHeader CAS-User
  Require valid-user
  Header set X-User "expr=%%{REMOTE_USER}"
  Header echo ^CAS-
</Location>
`

// NewApache says where Apache will be, before it or the node runs.
func NewApache(t testing.TB) *Apache {
	t.Helper()
	return &Apache{URL: "https://" + freePorts(t, 1)[0], dir: openDir(t)}
}

// Start starts Apache in the foreground, as a client of a node.
func (a *Apache) Start(t testing.TB, n *Node, c Certificate) {
	t.Helper()
	var config strings.Builder
	for module := range strings.FieldsSeq(apacheModules) {
		fmt.Fprintf(&config, "LoadModule %[1]s_module /usr/lib/apache2/modules/mod_%[1]s.so\n", module)
	}
	fmt.Fprintf(&config, apacheConfig, a.dir, strings.TrimPrefix(a.URL, "https://"), c.CertFile, c.KeyFile, n.URL)
	if os.Geteuid() == 0 { // it does not serve as root
		config.WriteString("User www-data\nGroup www-data\n")
	}
	for _, sub := range []string{"www/app", "sessions"} {
		if err := os.MkdirAll(filepath.Join(a.dir, sub), 0o755); err != nil { //nolint:gosec // as above
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Join(a.dir, "sessions"), 0o777); err != nil { //nolint:gosec // whoever it runs as writes there
		t.Fatal(err)
	}
	for name, text := range map[string]string{"apache.conf": config.String(), "www/app/index.html": "<p>inside"} {
		if err := os.WriteFile(filepath.Join(a.dir, name), []byte(text), 0o644); err != nil { //nolint:gosec // as above
			t.Fatal(err)
		}
	}
	var complaint strings.Builder
	cmd := exec.Command("/usr/sbin/apache2", "-f", filepath.Join(a.dir, "apache.conf"), "-DFOREGROUND")
	cmd.Stderr = &complaint
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // how it ended is in its state
		close(ended)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt) // it may have ended
		select {
		case <-ended:
		case <-time.After(stopLimit):
			_ = cmd.Process.Kill()
			<-ended
		}
		if t.Failed() {
			log, _ := os.ReadFile(filepath.Join(a.dir, "error.log"))
			t.Logf("Apache says:\n%s%s", complaint.String(), tail(log, 6000))
		}
	})
	Until(t, startLimit, "Apache that answers", func() bool {
		select {
		case <-ended:
			log, _ := os.ReadFile(filepath.Join(a.dir, "error.log"))
			t.Fatalf("apache2 ended at once: %s\n%s%s", cmd.ProcessState, complaint.String(), log)
		default:
		}
		resp, err := c.client.Get(a.URL + "/")
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return true
	})
}
