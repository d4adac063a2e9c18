package meeting

import (
	"math"
	"regexp"
	"sync"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
)

// phone is PHONE of 1.7, for numbers that nobody signs in by.
var phone = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[+]?[0-9]*$`) })

// basicInfo is what an enterprise tells about itself, as an edit.
type basicInfo struct {
	name    *string
	profile []func(*identity.OrganizationProfile)
}

// amend applies what came.
func (b basicInfo) amend(p *identity.OrganizationProfile) {
	for _, set := range b.profile {
		set(p)
	}
}

// readBasicInfo reads the fields that CorpBasicDTO and its edit have in common.
func readBasicInfo(o *object) (b basicInfo) {
	b.name = optional(o, "name", 1, maxName)
	for _, field := range []struct {
		name string
		high int
		into func(*identity.OrganizationProfile) *string
	}{
		{"phone", maxPhone, func(p *identity.OrganizationProfile) *string { return &p.Phone }},
		{"country", maxContact, func(p *identity.OrganizationProfile) *string { return &p.Country }},
		{"fax", maxPhone, func(p *identity.OrganizationProfile) *string { return &p.Fax }},
		{"email", maxContact, func(p *identity.OrganizationProfile) *string { return &p.Email }},
		{"address", maxContact, func(p *identity.OrganizationProfile) *string { return &p.Address }},
		{"description", maxContact, func(p *identity.OrganizationProfile) *string { return &p.Description }},
	} {
		text, came := o.optionalText(field.name, 0, field.high)
		if !came {
			continue
		}
		if field.name == "email" {
			if _, err := identity.Email(text); err != nil {
				o.refuse(fault.Of(err).At("email"))
			}
		}
		if (field.name == "phone" || field.name == "fax") && !phone().MatchString(text) {
			o.refuse(fault.New(fault.Invalid, fault.CodeMobileFormat).At(field.name))
		}
		b.profile = append(b.profile, func(p *identity.OrganizationProfile) { *field.into(p) = text })
	}
	return b
}

// part returns a mandatory object of the body; an absent one reads as empty.
func (o *object) part(name string) *object {
	if in := o.child(name); in != nil {
		return in
	}
	o.missing(name)
	return &object{}
}

// readOwner reads an AdminDTO.
func readOwner(o *object) *directory.NewMember {
	n := &directory.NewMember{
		Account: o.text("account", 1, maxAccount), Name: o.text("name", 1, maxName),
		PasswordRules: new(identity.MeetingCreateRules()), Notify: true,
	}
	n.Email, _ = o.optionalText("email", 0, maxContact)
	n.Mobile, _ = o.optionalText("phone", 0, maxPhone)
	n.Country, _ = o.optionalText("country", 0, maxContact)
	// Absent and empty both mean that one is made (Meeting API, 5.2).
	n.Password, _ = o.optionalText("pwd", 0, math.MaxInt)
	return n
}

// addCorp is AddCorp: enterprise and default administrator, all or nothing.
func (m *meeting) addCorp(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	basic, admin := o.part("basicInfo"), o.part("adminInfo")
	n := directory.NewOrganization{Name: basic.text("name", 1, maxName), Limits: new(identity.LimitsMeeting()), Owner: readOwner(admin)}
	readBasicInfo(basic).amend(&n.Profile)
	n.Domain, _ = basic.optionalText("domain", 0, maxContact)
	n.Profile.Language, _ = basic.optionalText("language", 0, 35)
	basic.optionalText("timeZoneId", 0, maxPhone)
	o.adopt("basicInfo", basic)
	o.adopt("adminInfo", admin)
	readExtras(o)
	m.grants(c, o, &n)
	o.once("basicInfo", "adminInfo", "resInfo")
	if err := o.err(); err != nil {
		return nil, err
	}
	if err := m.reachable(c.r.Context(), *n.Owner); err != nil {
		return nil, fault.Of(err).At("adminInfo.email")
	}
	made, err := m.o.Directory.AddOrganization(c.r.Context(), c.actor, n)
	if err != nil {
		return nil, atUser(err)
	}
	return valueAnswer{Value: string(made.ID)}, nil
}

// readExtras checks what has no meaning without a media server: the media
// access group, and properties of meetings.
func readExtras(o *object) {
	o.optionalText("groupId", 0, maxContact)
	properties, _ := o.optionalObjects("propertyInfo", 100)
	for _, p := range properties {
		p.text("propertyKey", 1, maxContact)
		p.optionalText("propertyValue", 0, maxContact)
		o.adopt("propertyInfo", p)
	}
}

// grants reads resInfo. What the enterprise is granted joins the transaction
// that makes it, by Then of the new organisation.
func (m *meeting) grants(c *call, o *object, n *directory.NewOrganization) {
	info := o.child("resInfo")
	if info == nil {
		return
	}
	list, _ := info.optionalObjects("resource", maxItems)
	grants, err := grantsOf(list)
	if err != nil {
		info.refuse(fault.Of(err))
	}
	if len(grants) > 0 {
		n.Then = m.o.Resources.Then(c.actor, grants)
	}
	o.adopt("resInfo", info)
}

// corpAnswer is a QueryCorpResultDTO. There are no media access groups.
type corpAnswer struct {
	ID        string     `json:"id"`
	BasicInfo corpInfo   `json:"basicInfo"`
	AdminInfo *corpAdmin `json:"adminInfo"`
	Group     *struct{}  `json:"groupDTO"`
	ResInfo   corpRes    `json:"resInfo"`
}

type corpInfo struct {
	Name        string `json:"name"`
	Phone       string `json:"phone"`
	Country     string `json:"country"`
	Fax         string `json:"fax"`
	Email       string `json:"email"`
	Address     string `json:"address"`
	Description string `json:"description"`
	SpID        string `json:"spId"`
}

type corpAdmin struct {
	ID        string `json:"id"`
	Account   string `json:"account"`
	Name      string `json:"name"`
	AdminType int    `json:"adminType"`
	Email     string `json:"email"`
	Phone     string `json:"phone"`
	Country   string `json:"country"`
}

// corpRes is what an enterprise was granted and still counts.
type corpRes struct {
	Counts corpCounts `json:"corpVcRes"`
}

type corpCounts struct {
	Packages     []packageAnswer `json:"vmrPkgList"`
	FullHD       int             `json:"te1080pHardCount"`
	HD           int             `json:"te720pHardCount"`
	Members      int             `json:"teSoftCount"`
	Whiteboards  int             `json:"roomCount"`
	Recording    int             `json:"recordCapability"`
	Participants int             `json:"confCallCount"`
	Streams      int             `json:"liveCount"`
	ThirdParty   int             `json:"thirdPartyHardCount"`
	Screens      int             `json:"hwVisionCount"`
	IdeaHubs     int             `json:"ideaHubCount"`
}

func corpResOf(h resource.Holding) corpRes {
	of := h.Kinds
	return corpRes{corpCounts{
		Packages: packagesOf(resource.Totals{Rooms: h.Rooms}), FullHD: of[identity.ResourceFullHD], HD: of[identity.ResourceHD], Members: of[identity.ResourceMembers],
		Whiteboards: of[identity.ResourceWhiteboards], Recording: of[identity.ResourceRecording], Participants: of[identity.ResourceParticipants],
		Streams: of[identity.ResourceStreams], ThirdParty: of[identity.ResourceThirdParty], Screens: of[identity.ResourceScreens],
		IdeaHubs: of[identity.ResourceIdeaHubs],
	}}
}

// corpsOf adds to enterprises what they were granted.
func (m *meeting) corpsOf(c *call, cards ...directory.Card) ([]corpAnswer, error) {
	orgs := make([]identity.OrganizationID, len(cards))
	for i, card := range cards {
		orgs[i] = card.Organization.ID
	}
	of, err := m.o.Resources.Holdings(c.r.Context(), c.actor, orgs)
	all := make([]corpAnswer, len(cards))
	for i, card := range cards {
		all[i] = corpOf(card)
		all[i].ResInfo = corpResOf(of[card.Organization.ID])
	}
	return all, err
}

func corpOf(card directory.Card) corpAnswer {
	o, p := card.Organization, card.Organization.Profile
	w := corpAnswer{ID: string(o.ID), BasicInfo: corpInfo{
		Name: o.Name, Phone: p.Phone, Country: p.Country, Fax: p.Fax, Email: p.Email, Address: p.Address, Description: p.Description, SpID: providerID,
	}}
	if a := card.Owner.Account; a.ID != "" {
		w.AdminInfo = &corpAdmin{
			ID: identity.Hex(card.Owner.Member.ID), Account: a.Name, Name: card.Owner.Member.Name, AdminType: adminTypeOwner,
			Email: a.Email, Phone: a.Mobile, Country: a.Country,
		}
	}
	return w
}

// searchCorps is SearchCorp.
func (m *meeting) searchCorps(c *call) (any, error) {
	q, err := c.query()
	if err != nil {
		return nil, err
	}
	w, key := q.window(), q.searchKey()
	if err := q.err(); err != nil {
		return nil, err
	}
	cards, count, err := m.o.Directory.OrganizationCards(c.r.Context(), c.actor, key, w.offset, w.limit)
	if err != nil {
		return nil, err
	}
	all, err := m.corpsOf(c, cards...)
	if err != nil {
		return nil, err
	}
	return pageOf(w, count, all, func(one corpAnswer) corpAnswer { return one }), nil
}

// corp finds the enterprise of the path, by its id or its code.
func (c *call) corp() (identity.OrganizationID, error) {
	o, err := c.m.o.Directory.OrganizationByRef(c.r.Context(), c.actor, c.r.PathValue("id"))
	return o.ID, err
}

// showCorpOf is ShowCorp.
func (m *meeting) showCorpOf(c *call) (any, error) {
	id, err := c.corp()
	if err != nil {
		return nil, err
	}
	card, err := m.o.Directory.OrganizationCard(c.r.Context(), c.actor, id)
	if err != nil {
		return nil, err
	}
	all, err := m.corpsOf(c, card)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// changeCorpOf is UpdateCorp: what is absent stays as it is. The account of the
// administrator, domain, language and time zone are not changed here.
func (m *meeting) changeCorpOf(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	var change directory.OrganizationChange
	if basic := o.child("basicInfo"); basic != nil {
		b := readBasicInfo(basic)
		change.Name, change.Amend = b.name, b.amend
		o.adopt("basicInfo", basic)
	}
	if admin := o.child("adminInfo"); admin != nil {
		change.Owner = &directory.MemberChange{
			Name: optional(admin, "name", 1, maxName), Email: optional(admin, "email", 0, maxContact),
			Mobile: optional(admin, "phone", 0, maxPhone), Country: optional(admin, "country", 0, maxContact),
		}
		o.adopt("adminInfo", admin)
	}
	readExtras(o)
	if err := o.err(); err != nil {
		return nil, err
	}
	id, err := c.corp()
	if err != nil {
		return nil, err
	}
	_, err = m.o.Directory.ChangeOrganization(c.r.Context(), c.actor, id, 0, change)
	return nil, atUser(err)
}

// removeCorp is DeleteCorp.
func (m *meeting) removeCorp(c *call) (any, error) {
	id, err := c.corp()
	if err != nil {
		return nil, err
	}
	return nil, m.o.Directory.RemoveOrganization(c.r.Context(), c.actor, id)
}
