package meeting

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/icon"
	"github.com/orgate/orgate/internal/identity"
)

const (
	imagesPath = "/v1/usg/abs/profile-images"
	imagePart  = "file"
	// maxForm is the largest form with a picture in bytes: what stands around it
	// takes little.
	maxForm = icon.MaxPortrait + 64<<10
)

// BodyLimit is the largest body of a request in bytes, and 0 where it is that of
// the listener, which knows no routes and asks it.
func BodyLimit(r *http.Request) int64 {
	if r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, imagesPath) {
		return maxForm
	}
	return 0
}

// picture reads the picture of a form (Meeting API, 6). The name and the type
// that the form gives it are not believed.
func (c *call) picture() ([]byte, error) {
	form, err := c.r.MultipartReader()
	if err != nil {
		return nil, fault.New(fault.Invalid, fault.CodePictureFormat).At(imagePart).Because(err)
	}
	for {
		part, err := form.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil, fault.New(fault.Invalid, fault.CodeFieldMissing).At(imagePart).With("field", imagePart)
		}
		if err != nil {
			return nil, unform(err)
		}
		if part.FormName() != imagePart {
			continue
		}
		// One byte more than is allowed tells that there is too much.
		content, err := io.ReadAll(io.LimitReader(part, icon.MaxPortrait+1))
		if err != nil {
			return nil, unform(err)
		}
		return content, nil
	}
}

// unform tells why a form ended early.
func unform(err error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) || errors.Is(err, multipart.ErrMessageTooLarge) {
		return fault.New(fault.Invalid, fault.CodeTooLarge).Because(err)
	}
	return errMalformed.At(imagePart).Because(err)
}

// setOwnPicture is SetProfileImage.
func (m *meeting) setOwnPicture(c *call) (any, error) { return nil, c.paint(c.actor.MemberID) }

// setPicture is SetUserProfileImage: the user is named by the UUID.
func (m *meeting) setPicture(c *call) (any, error) {
	id, ok := identity.MemberIDOfHex(c.r.PathValue("user_id"))
	if !ok {
		return nil, fault.New(fault.NotFound, fault.CodeMemberNotFound)
	}
	return nil, c.paint(id)
}

// paint gives a member the picture of the body.
func (c *call) paint(id identity.MemberID) error {
	content, err := c.picture()
	if err != nil {
		return err
	}
	_, err = c.m.o.Directory.SetPicture(c.r.Context(), c.actor, c.actor.OrganizationID, id, content)
	return err
}
