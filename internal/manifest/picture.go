package manifest

import (
	"context"
	"encoding/base64"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/orgate/orgate/internal/icon"
	"github.com/orgate/orgate/internal/identity"
)

// base64Prefix is for a picture that stands in the manifest itself.
const base64Prefix = "base64:"

// Picture is a picture of a manifest, already read. One that is given and empty
// stands for none.
type Picture struct {
	content []byte
	given   bool
}

// Given reports whether the manifest says anything about the picture.
func (p Picture) Given() bool { return p.given }

// Content returns the picture's file, empty for none.
func (p Picture) Content() []byte { return p.content }

// shownPicture writes a picture in a plan.
func shownPicture(digest string) string {
	const enough = 8
	if digest == "" {
		return "(none)"
	}
	return "picture " + digest[:min(enough, len(digest))]
}

// picture reads a picture: file:/path, relative to the manifest, base64: with
// the file's content, or nothing.
func (s Surroundings) picture(written, manifestFile string) ([]byte, error) {
	name, isFile := strings.CutPrefix(written, filePrefix)
	text, isText := strings.CutPrefix(written, base64Prefix)
	switch {
	case written == "":
		return nil, nil
	case isText:
		content, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(content) == 0 {
			return nil, fmt.Errorf("what follows %s is not base64", base64Prefix)
		}
		return content, nil
	case !isFile:
		return nil, fmt.Errorf("should be %s/path or %s, or empty for no picture", filePrefix, base64Prefix)
	case s.ReadFile == nil:
		return nil, fmt.Errorf("file:%s cannot be read here: send the picture itself, as %s", name, base64Prefix)
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(filepath.Dir(manifestFile), name)
	}
	content, err := s.ReadFile(name)
	if err != nil || len(content) == 0 || len(content) > icon.MaxSize {
		return nil, fmt.Errorf("the file %s cannot be read, or has more than %d bytes", name, icon.MaxSize)
	}
	return content, nil
}

// icon looks at the icon of an application and returns its digest, "" for none;
// known is false where the manifest says nothing of it or nothing right.
func (p *planner) icon(a Application) (digest string, known bool) {
	if !a.Icon.Given() {
		return "", false
	}
	digest, err := icon.Digest(a.Icon.Content())
	p.checkApplication(a, err)
	return digest, err == nil
}

// icon gives an application the icon that is given, or takes it away.
func (a *applier) icon(ctx context.Context, org identity.OrganizationID, w Application) (err error) {
	switch {
	case !w.Icon.Given():
	case len(w.Icon.Content()) == 0:
		_, err = a.house.Applications.RemoveIcon(ctx, a.actor, org, w.ClientID)
	default:
		_, err = a.house.Applications.SetIcon(ctx, a.actor, org, w.ClientID, w.Icon.Content())
	}
	return err
}
