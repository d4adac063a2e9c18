package meeting

import (
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
)

// totalAnswer is ResDetailDTO (Meeting API, Appendix A). What is used is told
// where it is known here.
type totalAnswer struct {
	Sum      int  `json:"sumCount"`
	Trial    int  `json:"trialCount"`
	Expired  int  `json:"expiredCount"`
	Expiring int  `json:"expiringCount"`
	Used     *int `json:"usedCount,omitempty"`
}

// totalOf tells the total of a kind. Recording space, participants and streams
// are used by meetings, of which we know nothing.
func totalOf(t resource.Totals, kind identity.ResourceKind) totalAnswer {
	n := t.Of(kind)
	answer := totalAnswer{Sum: n.Live, Expired: n.Expired, Expiring: n.Expiring}
	switch kind {
	case identity.ResourceParticipants, identity.ResourceStreams, identity.ResourceRecording:
	default:
		answer.Used = &n.Used
	}
	return answer
}

// totalsAnswer is what both CorpResourceDTO and SpResourceDTO begin with.
type totalsAnswer struct {
	FullHD       totalAnswer `json:"te1080pHardCount"`
	HD           totalAnswer `json:"te720pHardCount"`
	Members      totalAnswer `json:"teSoftCount"`
	Whiteboards  totalAnswer `json:"roomCount"`
	Recording    totalAnswer `json:"recordCapability"`
	Participants totalAnswer `json:"confCallCount"`
	Streams      totalAnswer `json:"liveCount"`
	ThirdParty   totalAnswer `json:"thirdPartyHardCount"`
	Screens      totalAnswer `json:"hwVisionCount"`
	IdeaHubs     totalAnswer `json:"ideaHubCount"`
	PSTN         bool        `json:"enablePstn"`
	SMS          bool        `json:"enableSMS"`
}

func totalsOf(t resource.Totals, sms bool) totalsAnswer {
	return totalsAnswer{
		FullHD: totalOf(t, identity.ResourceFullHD), HD: totalOf(t, identity.ResourceHD), Members: totalOf(t, identity.ResourceMembers),
		Whiteboards: totalOf(t, identity.ResourceWhiteboards), Recording: totalOf(t, identity.ResourceRecording),
		Participants: totalOf(t, identity.ResourceParticipants), Streams: totalOf(t, identity.ResourceStreams),
		ThirdParty: totalOf(t, identity.ResourceThirdParty), Screens: totalOf(t, identity.ResourceScreens),
		IdeaHubs: totalOf(t, identity.ResourceIdeaHubs), SMS: sms,
	}
}

// packageAnswer is VmrPkgDTO.
type packageAnswer struct {
	ID      string `json:"vmrPkgId"`
	Name    string `json:"vmrName"`
	Parties int    `json:"vmrPkgParties"`
	Count   int    `json:"vmrPkgCount"`
	Used    int    `json:"vmrPkgUsedCount"`
}

func packagesOf(t resource.Totals) []packageAnswer {
	all := make([]packageAnswer, 0, len(t.Rooms))
	for _, r := range t.Rooms {
		all = append(all, packageAnswer{packageID(r.Package), string(r.Package), r.Package.Parties(), r.All, r.Lent})
	}
	return all
}

// corpResourceAnswer is CorpResourceDTO. What belongs to products that we are
// not is off; 0 is no bound of our own.
type corpResourceAnswer struct {
	totalsAnswer
	VMR         []packageAnswer `json:"vmr"`
	HybridCloud bool            `json:"enableHybridCloud"`
	CloudDisk   bool            `json:"enableCloudDisk"`
	UC          bool            `json:"enableUc"`
	AIMinutes   bool            `json:"enableAiMinutes"`
	ConfCalls   int             `json:"singleConfCallCount"`
	ConfLength  int             `json:"confLength"`
}

// showCorpResource is ShowCorpResource.
func (m *meeting) showCorpResource(c *call) (any, error) {
	t, err := m.o.Resources.Totals(c.r.Context(), c.actor, c.actor.OrganizationID)
	if err != nil {
		return nil, err
	}
	return corpResourceAnswer{totalsAnswer: totalsOf(t, m.o.Resources.SendsSMS(c.r.Context())), VMR: packagesOf(t)}, nil
}

// spResourceAnswer is SpResourceDTO. There are no media access groups here: the
// list is empty where it is asked for.
type spResourceAnswer struct {
	totalsAnswer
	Corps  totalAnswer `json:"corpCount"`
	Groups *[]struct{} `json:"groupList,omitempty"`
}

// showSpResource is ShowSpResource.
func (m *meeting) showSpResource(c *call) (any, error) {
	q, err := c.query()
	if err != nil {
		return nil, err
	}
	groups, _ := q.optionalFlag("queryGroup")
	if err := q.err(); err != nil {
		return nil, err
	}
	t, err := m.o.Resources.Totals(c.r.Context(), c.actor, "")
	if err != nil {
		return nil, err
	}
	answer := spResourceAnswer{
		totalsAnswer: totalsOf(t, m.o.Resources.SendsSMS(c.r.Context())),
		Corps:        totalAnswer{Sum: t.Organizations, Used: &t.Organizations},
	}
	if groups {
		answer.Groups = &[]struct{}{}
	}
	return answer, nil
}
