package meeting

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
)

// resourceTypes are the kinds of resources as this wire names them, in the
// order of the API (5.3).
var resourceTypes = vocabulary[identity.ResourceKind]{
	{"VMR", identity.ResourceRooms},
	{"CONF_CALL", identity.ResourceParticipants},
	{"HARD_1080P", identity.ResourceFullHD},
	{"HARD_720P", identity.ResourceHD},
	{"SOFT", identity.ResourceMembers},
	{"ROOM", identity.ResourceWhiteboards},
	{"LIVE", identity.ResourceStreams},
	{"RECORD", identity.ResourceRecording},
	{"HARD_THIRD_PARTY", identity.ResourceThirdParty},
	{"HUAWEI_VISION", identity.ResourceScreens},
	{"IDEA_HUB", identity.ResourceIdeaHubs},
}

// vmrPackages are the packages of cloud meeting rooms by their published ids
// (5.3).
var vmrPackages = [...]struct {
	id   string
	name identity.RoomPackage
}{
	{"ff808081699b56d40169c410d5080179", "vmr10"},
	{"ff808081699b56d40169c4111fe5017a", "vmr25"},
	{"ff808081699b56cb0169c411a0980152", "vmr50"},
	{"ff808081699b56cb0169c41167850151", "vmr100"},
	{"ff808081699b56d40169c410913d0178", "vmr200"},
	{"ff8080816b9ec3ab016bdff237962e83", "vmr300"},
	{"ff8080816b9ec475016bdff37efc279f", "vmr400"},
	{"ff8080816b9ec3ab016bdff338542e84", "vmr500"},
}

// noSuch is a kind or package that nothing is of: what a filter names that we
// do not know finds nothing.
const noSuch = "none"

func packageOf(id string) identity.RoomPackage {
	for _, p := range vmrPackages {
		if p.id == id {
			return p.name
		}
	}
	return noSuch
}

func packageID(name identity.RoomPackage) string {
	for _, p := range vmrPackages {
		if p.name == name {
			return p.id
		}
	}
	return ""
}

// instant reads milliseconds since the epoch (1.4); zero when they are absent.
func (q *query) instant(name string) time.Time {
	n, came := q.optionalInteger(name, maxInstant)
	if !came {
		return time.Time{}
	}
	return time.UnixMilli(int64(n)).UTC()
}

// maxInstant is the end of the year 9999 in milliseconds, beyond which no time
// is written.
const maxInstant = 253_402_300_799_999

// The values of vmrMode.
const (
	vmrPersonal = 0
	vmrRoom     = 1
	vmrWebinar  = 2
)

// resourceAnswer is QueryResourceResultDTO.
type resourceAnswer struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	TypeID     string `json:"typeId,omitempty"`
	TypeDesc   string `json:"typeDesc,omitempty"`
	VMRMode    *int   `json:"vmrMode,omitempty"`
	Count      int    `json:"count"`
	ExpireDate int64  `json:"expireDate"`
	OrderID    string `json:"orderId,omitempty"`
	Status     int    `json:"status"`
	Editable   bool   `json:"editable"`
}

// resourceStates are the values of status, in their order.
var resourceStates = [...]identity.ResourceStatus{identity.ResourceLive, identity.ResourceExpired, identity.ResourceDisabled}

func (m *meeting) resourceOf(r identity.Resource) resourceAnswer {
	answer := resourceAnswer{
		ID: r.Ref, Type: resourceTypes.word(r.Kind), TypeID: packageID(r.Package), TypeDesc: string(r.Package), Count: r.Count,
		ExpireDate: r.EndsAt.UnixMilli(), OrderID: r.Order, Editable: true,
	}
	if r.Kind == identity.ResourceRooms {
		answer.VMRMode = new(vmrRoom)
	}
	for i, status := range resourceStates {
		if r.Status(m.o.Now()) == status {
			answer.Status = i
		}
	}
	return answer
}

// resourceFilter reads what both lists of resources are narrowed by.
func resourceFilter(q *query) resource.Query {
	filter := resource.Query{Text: q.searchKey(), From: q.instant("startExpireDate"), To: q.instant("endExpireDate")}
	filter.Kind, filter.Package = typeFilter(q)
	if status, came := q.optionalInteger("status", len(resourceStates)-1); came {
		filter.Status = resourceStates[status]
	}
	return filter
}

func typeFilter(q *query) (kind identity.ResourceKind, size identity.RoomPackage) {
	kind = resourceTypes.meaning(q.choice("type", resourceTypes.words()...))
	if id := q.text("typeId", 64); id != "" {
		size = packageOf(id)
	}
	return kind, size
}

func slice(w window) resource.Slice {
	return resource.Slice{Offset: w.offset, Limit: w.limit, Counted: true}
}

// searchOwnResources is SearchCorpResources.
func (m *meeting) searchOwnResources(c *call) (any, error) {
	q, err := c.query()
	if err != nil {
		return nil, err
	}
	filter := resourceFilter(q)
	filter.Order = q.text("orderId", 64)
	// Grants of rooms are of mode 1; the other modes are of none.
	if mode, came := q.optionalInteger("vmrMode", vmrWebinar); came && (filter.Kind == "" || filter.Kind == identity.ResourceRooms) {
		filter.Kind = identity.ResourceRooms
		if mode != vmrRoom {
			filter.Kind = noSuch
		}
	}
	return m.resourcePage(c, q, c.actor.OrganizationID, filter)
}

// searchResources is SearchResource.
func (m *meeting) searchResources(c *call) (any, error) {
	q, err := c.query()
	if err != nil {
		return nil, err
	}
	filter := resourceFilter(q)
	org, err := m.enterprise(c)
	if err != nil {
		return nil, err
	}
	return m.resourcePage(c, q, org, filter)
}

func (m *meeting) resourcePage(c *call, q *query, org identity.OrganizationID, filter resource.Query) (any, error) {
	w := q.window()
	if err := q.err(); err != nil {
		return nil, err
	}
	filter.Slice = slice(w)
	l, err := m.o.Resources.List(c.r.Context(), c.actor, org, filter)
	if err != nil {
		return nil, err
	}
	return pageOf(w, l.Count, l.Items, m.resourceOf), nil
}

// enterprise finds the enterprise that a path names, by its id or its code.
func (m *meeting) enterprise(c *call) (identity.OrganizationID, error) {
	o, err := m.o.Directory.OrganizationByRef(c.r.Context(), c.actor, c.r.PathValue("corp_id"))
	return o.ID, err
}

// operateTypes are the values of operateType, in their order.
var operateTypes = [...]identity.ResourceOperation{
	identity.ResourceAdded, identity.ResourceRemoved, identity.ResourceModified, identity.ResourceWasStopped, identity.ResourceWasStarted,
}

// searchResourceRecords is SearchResourceOpRecord.
func (m *meeting) searchResourceRecords(c *call) (any, error) {
	q, err := c.query()
	if err != nil {
		return nil, err
	}
	w := q.window()
	filter := resource.RecordQuery{
		Text: q.searchKey(), From: q.instant("startExpireDate"), To: q.instant("endExpireDate"),
		Since: q.instant("startOperateDate"), Until: q.instant("endOperateDate"), Slice: slice(w),
	}
	filter.Kind, filter.Package = typeFilter(q)
	if what, came := q.optionalInteger("operateType", len(operateTypes)-1); came {
		filter.Operation = operateTypes[what]
	}
	if err := q.err(); err != nil {
		return nil, err
	}
	org, err := m.enterprise(c)
	if err != nil {
		return nil, err
	}
	l, err := m.o.Resources.Records(c.r.Context(), c.actor, org, filter)
	if err != nil {
		return nil, err
	}
	return pageOf(w, l.Count, l.Items, func(r identity.ResourceRecord) resourceAnswer { return m.resourceOf(r.Resource) }), nil
}

// grantsOf reads resources that are granted: ResourceDTO (5.3). AddCorp carries
// them too.
func grantsOf(objects []*object) ([]resource.Grant, error) {
	grants := make([]resource.Grant, 0, len(objects))
	for _, o := range objects {
		g := resource.Grant{Kind: resourceTypes.meaning(word(o, "type", resourceTypes.words()))}
		g.Ref, _ = o.optionalText("id", 0, 64)
		g.Count = int(o.integer("count", 1, identity.MaxResourceCount))
		g.EndsAt = time.UnixMilli(o.integer("expireDate", 0, maxInstant)).UTC()
		if id, _ := o.optionalText("typeId", 0, 64); id != "" && g.Kind == identity.ResourceRooms {
			if g.Package = packageOf(id); g.Package == noSuch {
				o.refuse(fault.New(fault.Invalid, fault.CodeFieldChoice).At("typeId").With("choices", packageIDs()))
			}
		}
		if err := o.err(); err != nil {
			return nil, err
		}
		grants = append(grants, g)
	}
	return grants, nil
}

func packageIDs() (ids []string) {
	for _, p := range vmrPackages {
		ids = append(ids, p.id)
	}
	return ids
}

// word reads a mandatory text that is one of some words.
func word(o *object, name string, words []string) string {
	text := o.text(name, 0, maxWord)
	for _, each := range words {
		if each == text {
			return text
		}
	}
	o.refuse(fault.New(fault.Invalid, fault.CodeFieldChoice).At(name).With("choices", words))
	return ""
}

// addResources is AddResource.
func (m *meeting) addResources(c *call) (any, error) {
	objects, err := c.objects()
	if err != nil {
		return nil, err
	}
	grants, err := grantsOf(objects)
	if err != nil {
		return nil, err
	}
	org, err := m.enterprise(c)
	if err != nil {
		return nil, err
	}
	_, err = m.o.Resources.Grant(c.r.Context(), c.actor, org, grants)
	return nil, err
}

// changeResources is UpdateResource: what is absent stays as it is.
func (m *meeting) changeResources(c *call) (any, error) {
	objects, err := c.objects()
	if err != nil {
		return nil, err
	}
	changes := make([]resource.NamedChange, 0, len(objects))
	for _, o := range objects {
		n := resource.NamedChange{Ref: o.text("id", 1, 64)}
		if o.raw("type") != "" {
			n.Kind = resourceTypes.meaning(word(o, "type", resourceTypes.words()))
		}
		if ms, came := o.optionalInteger("expireDate", 0, maxInstant); came {
			n.EndsAt = new(time.UnixMilli(ms).UTC())
		}
		if disabled, came := o.optionalFlag("isDisabled"); came {
			n.Disabled = &disabled
		}
		if err := o.err(); err != nil {
			return nil, err
		}
		changes = append(changes, n)
	}
	org, err := m.enterprise(c)
	if err != nil {
		return nil, err
	}
	return nil, m.o.Resources.ChangeNamed(c.r.Context(), c.actor, org, changes)
}

// removeResources is DeleteResource.
func (m *meeting) removeResources(c *call) (any, error) {
	refs, err := c.texts(64)
	if err != nil {
		return nil, err
	}
	org, err := m.enterprise(c)
	if err != nil {
		return nil, err
	}
	return nil, m.o.Resources.WithdrawNamed(c.r.Context(), c.actor, org, refs)
}
