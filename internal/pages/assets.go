package pages

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed assets
var assetFiles embed.FS

// assetRoot is the path below which the assets are served.
const assetRoot = "/assets/"

// contentTypes is written out because what mime knows depends on the machine.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// asset is one file with the type it is served as.
type asset struct {
	contentType string
	body        []byte
}

// assets knows each file by the address that carries its hash.
type assets struct {
	addresses map[string]string // file name → address
	files     map[string]asset  // address → file
}

// loadAssets reads the embedded files. An address contains the beginning of
// the content's SHA-256, so that a browser may keep the file for ever.
func loadAssets() (assets, error) {
	a := assets{addresses: map[string]string{}, files: map[string]asset{}}
	entries, err := assetFiles.ReadDir("assets")
	if err != nil {
		return a, fmt.Errorf("read assets: %w", err)
	}
	for _, entry := range entries {
		body, err := assetFiles.ReadFile("assets/" + entry.Name())
		if err != nil {
			return a, fmt.Errorf("read asset: %w", err)
		}
		extension := path.Ext(entry.Name())
		contentType, known := contentTypes[extension]
		if !known {
			return a, fmt.Errorf("asset %s: no content type for %q", entry.Name(), extension)
		}
		sum := sha256.Sum256(body)
		stem := strings.TrimSuffix(entry.Name(), extension)
		address := assetRoot + stem + "." + hex.EncodeToString(sum[:6]) + extension
		a.addresses[entry.Name()] = address
		a.files[address] = asset{contentType, body}
	}
	return a, nil
}

// address is the template function asset; a name that does not exist is a
// defect of the template.
func (a assets) address(name string) (string, error) {
	address, ok := a.addresses[name]
	if !ok {
		return "", fmt.Errorf("no asset %q", name)
	}
	return address, nil
}

// Assets serves the files the pages load, below /assets/. The address of a
// file changes with its content; any other address is not found.
func (p *Pages) Assets() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, ok := p.assets.files[r.URL.Path]
		if !ok {
			w.Header().Set("Cache-Control", "no-store")
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", file.contentType)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("X-Content-Type-Options", "nosniff")
		// An SVG opened on its own is a document; it needs nothing.
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(file.body))
	})
}
