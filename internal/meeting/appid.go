package meeting

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// appIDAnswer is an App ID as 4.10 shows it. The key is told on creation and
// reset alone.
type appIDAnswer struct {
	Name        string `json:"app_name"`
	ID          string `json:"app_id"`
	Key         string `json:"app_key,omitempty"`
	Description string `json:"description"`
	CreatedAt   string `json:"create_time"`
	UpdatedAt   string `json:"last_update_time"`
	Status      int    `json:"status"`
}

// The values of status.
const (
	appIDNormal   = 0
	appIDDisabled = 1
)

func appIDOf(a identity.AppID) appIDAnswer {
	w := appIDAnswer{
		Name: a.Name, ID: a.ID, Description: a.Description, CreatedAt: a.CreatedAt.UTC().Format(time.DateTime),
		UpdatedAt: a.UpdatedAt.UTC().Format(time.DateTime), Status: appIDNormal,
	}
	if !a.Active() {
		w.Status = appIDDisabled
	}
	return w
}

// withKey adds the key, for the two answers that tell it.
func withKey(a identity.AppID) appIDAnswer {
	w := appIDOf(a)
	if len(a.Keys) > 0 {
		w.Key = a.Keys[0].Secret
	}
	return w
}

// addAppID is AddAppId.
func (m *meeting) addAppID(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	n := application.NewAppID{Name: o.text("app_name", 1, 64)}
	n.Description, _ = o.optionalText("description", 0, 255)
	if err := o.err(); err != nil {
		return nil, err
	}
	app, err := m.o.Applications.AddAppID(c.r.Context(), c.actor, c.actor.OrganizationID, n)
	if err != nil {
		return nil, err
	}
	return withKey(app), nil
}

// page is an answer with part of a list (Meeting API, 1.5).
type page[T any] struct {
	Offset int `json:"offset"`
	Limit  int `json:"limit"`
	Count  int `json:"count"`
	Data   []T `json:"data"`
}

// The limits of a page (Meeting API, 1.5).
const (
	defaultLimit = 10
	maxLimit     = 500
	maxOffset    = 1<<31 - 1
)

// paging reads offset and limit from the query.
func (c *call) paging() (offset, limit int, err error) {
	query, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		return 0, 0, errMalformed.Because(err)
	}
	if offset, err = queryInteger(query["offset"], numberField{"offset", 0, maxOffset, 0}); err != nil {
		return 0, 0, err
	}
	if limit, err = queryInteger(query["limit"], numberField{"limit", 1, maxLimit, defaultLimit}); err != nil {
		return 0, 0, err
	}
	return offset, limit, nil
}

// numberField is a whole number of a query.
type numberField struct {
	name                 string
	low, high, otherwise int // otherwise is what it is when absent or empty
}

// queryInteger reads a number that must be written in digits alone. Of two that
// differ we and a proxy might each believe another.
func queryInteger(values []string, f numberField) (int, error) {
	if len(values) > 1 {
		return 0, errMalformed.At(f.name)
	}
	if len(values) == 0 || values[0] == "" {
		return f.otherwise, nil
	}
	if strings.Trim(values[0], "0123456789") != "" {
		return 0, fault.New(fault.Invalid, fault.CodeFieldType).At(f.name).With("want", "want.integer")
	}
	n, err := strconv.Atoi(values[0])
	if err != nil || n < f.low || n > f.high {
		return 0, fault.New(fault.Invalid, fault.CodeFieldRange).At(f.name).With("min", f.low).With("max", f.high)
	}
	return n, nil
}

// lastPage is the offset as applied: one beyond the end shows the last page.
func lastPage(offset, limit, count int) int {
	if offset < count {
		return offset
	}
	return max(count-1, 0) / limit * limit
}

// listAppIDs is BatchSearchAppId.
func (m *meeting) listAppIDs(c *call) (any, error) {
	offset, limit, err := c.paging()
	if err != nil {
		return nil, err
	}
	apps, count, err := m.o.Applications.AppIDs(c.r.Context(), c.actor, c.actor.OrganizationID, offset, limit)
	if err != nil {
		return nil, err
	}
	answer := page[appIDAnswer]{Offset: lastPage(offset, limit, count), Limit: limit, Count: count, Data: make([]appIDAnswer, 0, len(apps))}
	for _, a := range apps {
		answer.Data = append(answer.Data, appIDOf(a))
	}
	return answer, nil
}

// changeAppID is UpdateAppId: what is absent stays as it is.
func (m *meeting) changeAppID(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	var change application.AppIDChange
	if name, given := o.optionalText("app_name", 1, 64); given {
		change.Name = &name
	}
	if description, given := o.optionalText("description", 0, 255); given {
		change.Description = &description
	}
	if status, given := o.optionalInteger("status", appIDNormal, appIDDisabled); given {
		to := identity.AppIDActive
		if status == appIDDisabled {
			to = identity.AppIDDisabled
		}
		change.Status = &to
	}
	if err := o.err(); err != nil {
		return nil, err
	}
	app, err := m.o.Applications.ChangeAppID(c.r.Context(), c.actor, c.actor.OrganizationID, c.r.PathValue("app_id"), 0, change)
	if err != nil {
		return nil, err
	}
	return appIDOf(app), nil
}

// resetAppKey is ResetAppKey: a new key, the one before lives a month more.
func (m *meeting) resetAppKey(c *call) (any, error) {
	app, err := m.o.Applications.ResetAppKey(c.r.Context(), c.actor, c.actor.OrganizationID, c.r.PathValue("app_id"))
	if err != nil {
		return nil, err
	}
	return withKey(app), nil
}

// removeAppID is DeleteAppId: its tokens end at once.
func (m *meeting) removeAppID(c *call) (any, error) {
	return nil, m.o.Applications.RemoveAppID(c.r.Context(), c.actor, c.actor.OrganizationID, c.r.PathValue("app_id"))
}
