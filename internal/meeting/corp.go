package meeting

import (
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

// showCorp is ShowCorpBasicInfo.
func (m *meeting) showCorp(c *call) (any, error) {
	card, err := m.o.Directory.OrganizationCard(c.r.Context(), c.actor, c.actor.OrganizationID)
	if err != nil {
		return nil, err
	}
	return m.corpBasicOf(c, card), nil
}

// changeCorp is UpdateCorpBasicInfo.
func (m *meeting) changeCorp(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	var change directory.OrganizationChange
	if address, came := o.optionalText("address", 0, 255); came {
		change.Amend = func(p *identity.OrganizationProfile) { p.Address = address }
	}
	if auto, came := o.optionalFlag("autoUserCreate"); came {
		change.AutoCreate = &auto
	}
	if err := o.err(); err != nil {
		return nil, err
	}
	_, err = m.o.Directory.ChangeOrganization(c.r.Context(), c.actor, c.actor.OrganizationID, 0, change)
	return nil, err
}
