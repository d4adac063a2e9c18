package meeting

import (
	"net/http"
	"strings"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/factor"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// showMe is ShowMyInfo: the caller, with the enterprise.
func (m *meeting) showMe(c *call) (any, error) {
	ctx, org := c.r.Context(), c.actor.OrganizationID
	p, err := m.o.Directory.Member(ctx, c.actor, org, c.actor.MemberID)
	if err != nil {
		return nil, err
	}
	answer, err := m.detail(c, p)
	if err != nil {
		return nil, err
	}
	card, err := m.o.Directory.OrganizationCard(ctx, c.actor, org)
	answer.Corp = m.corpBasicOf(c, card)
	return answerOr(answer, err)
}

// changeMe is UpdateMyInfo.
func (m *meeting) changeMe(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	name := o.text("name", 1, maxName)
	change := directory.OwnChange{
		Name: &name, EnglishName: optional(o, "englishName", 0, maxName), Signature: optional(o, "signature", 0, maxSignature),
		Title: optional(o, "title", 0, maxTitle), Description: optional(o, "desc", 0, maxDesc),
	}
	if err := o.err(); err != nil {
		return nil, err
	}
	_, err = m.o.Directory.ChangeOwn(c.r.Context(), c.actor, c.actor.OrganizationID, change)
	return nil, atUser(err)
}

// changeContact separates the codes of a new contact from all others.
const changeContact = "change_contact"

// contactReplies: the fields of a contact are told as one, and sending too
// often by the code of the codes.
var contactReplies = map[fault.Code]reply{
	fault.CodeCodeExpired:  {http.StatusBadRequest, "USG.206030001"},
	fault.CodeCodeAttempts: {http.StatusBadRequest, "USG.206060015"},
}

// newContact is a VerificationCodeDTO: a contact that the caller wants to have,
// and the code that was sent to it.
type newContact struct {
	identity.Account // its Email or Mobile, and the Country
	code             string
}

// target is where the code goes.
func (n newContact) target() string { return n.Email + n.Mobile }

// readContact reads a contact: a mail address if there is an @ in it, else a
// telephone, for which the country is mandatory (Meeting API, 5.7).
func (c *call) readContact() (n newContact, err error) {
	o, err := c.object()
	if err != nil {
		return n, err
	}
	o.once("contact", "verificationCode", "country")
	contact := o.text("contact", 1, maxContact)
	n.Country, _ = o.optionalText("country", 0, maxContact)
	n.code, _ = o.optionalText("verificationCode", 0, 64)
	switch {
	case o.err() != nil:
		return n, o.err()
	case strings.Contains(contact, "@"):
		n.Email, err = identity.Email(contact)
	case n.Country == "":
		o.missing("country")
		return n, o.err()
	default:
		calling, _ := directory.CallingCode(n.Country)
		n.Mobile, err = identity.Mobile(contact, calling)
	}
	if err == nil && n.target() == "" {
		// Blanks and hyphens alone: to no target any code would be the right one.
		err = fault.New(fault.Invalid, fault.CodeMobileFormat)
	}
	if err != nil {
		return n, fault.Of(err).At("contact")
	}
	n.ID, n.Language = c.actor.AccountID, string(c.language())
	return n, nil
}

// sendContactCode is SendVeriCodeForUpdateUserInfo. Whether the contact is
// somebody else's is told at its change, to whom has proven that it is theirs.
func (m *meeting) sendContactCode(c *call) (any, error) {
	n, err := c.readContact()
	if err != nil {
		return nil, err
	}
	method := identity.ByMail
	if n.Mobile != "" {
		method = identity.BySMS
	}
	_, err = m.o.Codes.SendCode(c.r.Context(), factor.CodeRequest{Account: n.Account, Purpose: changeContact, Method: method})
	return nil, err
}

// guess is the code as the caller typed it, for one contact alone.
func (n newContact) guess() factor.Guess {
	return factor.Guess{Purpose: changeContact, Subject: factor.SubjectOf(n.Account), Target: n.target(), Code: n.code}
}

// checkContactCode is CheckVeriCodeForUpdateUserInfo. It does not use the code
// up: the change asks for it again.
func (m *meeting) checkContactCode(c *call) (any, error) {
	n, err := c.readContact()
	if err != nil {
		return nil, err
	}
	return nil, m.o.Codes.TryCode(c.r.Context(), n.guess())
}

// setContact is UpdateContact.
func (m *meeting) setContact(c *call) (any, error) {
	n, err := c.readContact()
	if err != nil {
		return nil, err
	}
	ctx := c.r.Context()
	if err := m.o.Codes.RedeemCode(ctx, n.guess()); err != nil {
		return nil, err
	}
	var change directory.OwnChange
	if n.Mobile != "" {
		change.Mobile, change.Country = &n.Mobile, &n.Country
	} else {
		change.Email = &n.Email
	}
	_, err = m.o.Directory.ChangeOwn(ctx, c.actor, c.actor.OrganizationID, change)
	return nil, atUser(err)
}
