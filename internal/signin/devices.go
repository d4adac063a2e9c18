package signin

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/session"
)

// devices lists where the person is signed in.
func (s *Surface) devices(v *visit) (reply, error) {
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	used, err := s.Sessions.UsedBy(v.context(), v.actor(), session.Whose{Account: v.signed.Account.ID})
	if err != nil {
		return reply{}, err
	}
	page := pages.Devices{Form: v.sessionForm("/account/sessions"), Back: "/", Ended: endedBefore(v)}
	for _, u := range used {
		device := deviceOf(u.Session)
		device.Applications = enteredBy(u)
		device.Here = u.Session.ID == v.signed.Session.ID
		if device.Here {
			page.Sessions = append([]pages.Device{device}, page.Sessions...)
		} else {
			page.Sessions = append(page.Sessions, device)
		}
	}
	return show(page), nil
}

// endedBefore is how many sessions the step before has ended.
func endedBefore(v *visit) int {
	n, err := strconv.Atoi(v.query("ended"))
	if err != nil || n < 0 || n > 1000 {
		return 0
	}
	return n
}

// toldStates are the words of a notice.
var toldStates = map[identity.NoticeState]pages.Key{
	identity.NoticePending:   pages.ToldPending,
	identity.NoticeDelivered: pages.ToldDone,
	identity.NoticeFailed:    pages.ToldFailed,
	identity.NoticeNotAsked:  pages.ToldNotAsked,
}

// gravest are the notices from which a person has to do something themselves to
// those that are well.
var gravest = []pages.Key{pages.ToldFailed, pages.ToldPending, pages.ToldDone, pages.ToldNotAsked}

// enteredBy are the applications of a session, each once. One that was entered
// at several places, and has to be told of each, shows what is gravest.
func enteredBy(u session.Use) (all []pages.Entered) {
	seen := map[identity.ApplicationID]int{}
	for _, e := range u.Applications {
		state := toldStates[e.Notice.State]
		at, known := seen[e.ApplicationID]
		switch {
		case !known:
			seen[e.ApplicationID] = len(all)
			all = append(all, pages.Entered{Name: e.Name, State: state})
		case slices.Index(gravest, state) < slices.Index(gravest, all[at].State):
			all[at].State = state
		}
	}
	return all
}

func deviceOf(k identity.Session) pages.Device {
	d := pages.Device{ID: string(k.ID), How: howOf(k), Since: k.CreatedAt, Seen: k.SeenAt}
	d.Browser, d.Platform = readAgent(k.UserAgent)
	if k.Origin.Address.IsValid() {
		d.Address = k.Origin.Address.String()
	}
	return d
}

// endDevices ends one of the person's sessions, or all but this one.
func (s *Surface) endDevices(v *visit) (reply, error) {
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	if err := v.checkSessionForm(); err != nil {
		return reply{}, err
	}
	n := 1
	var err error
	if v.r.PostForm.Has("others") {
		n, err = s.Sessions.EndOthers(v.context(), v.actor(), v.signed.Session.ID)
	} else {
		err = s.Sessions.EndOne(v.context(), v.actor(), session.Whose{Account: v.signed.Account.ID}, identity.SessionID(v.posted("session")))
	}
	if err != nil {
		return reply{}, err
	}
	return goTo("/account/sessions?" + url.Values{"ended": {strconv.Itoa(n)}}.Encode()), nil
}
