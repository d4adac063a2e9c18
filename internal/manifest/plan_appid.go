package manifest

import (
	"context"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/identity"
)

// appKeySecret names an App ID's key among the applied secrets.
func appKeySecret(id string) string { return "app_id/" + id + "/key" }

// appIDs plans the App IDs of an owner.
func (p *planner) appIDs(wanted []AppID, of owner) error {
	if wanted == nil {
		return nil
	}
	stored := map[string]identity.AppID{}
	var order []string
	if !of.new {
		err := eachAppID(p.ctx, p.actor, p.house, of.id, func(a identity.AppID) error {
			stored[a.ID] = a
			order = append(order, a.ID)
			return nil
		})
		if err != nil {
			return err
		}
	}
	listed := map[string]bool{}
	for _, w := range wanted {
		listed[w.ID] = true
	}
	for _, id := range order {
		if p.options.Prune && !listed[id] {
			p.add(Step{Action: Remove, Kind: "app_id", Name: id, Of: of.code, do: removeAppID(id, of)})
		}
	}
	for _, w := range wanted {
		app, exists := stored[w.ID]
		if !exists {
			p.add(Step{Action: Create, Kind: "app_id", Name: w.ID, Of: of.code, Note: drawnNote(w.Key, "key"), do: createAppID(w, of)})
			continue
		}
		fields := differences(w, appIDAsWritten(app))
		edited := len(fields) > 0
		fields, err := p.withSecret(fields, "app_key", appKeySecret(w.ID), w.Key)
		if err != nil {
			return err
		}
		if len(fields) > 0 {
			p.add(Step{
				Action: Change, Kind: "app_id", Name: w.ID, Of: of.code, Fields: fields,
				do: changeAppID(w, of, appIDEdit{fields: edited, key: fields[len(fields)-1].Secret}),
			})
		}
	}
	return nil
}

// appIDEdit says what of an App ID is changed.
type appIDEdit struct{ fields, key bool }

func createAppID(w AppID, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		org, err := of.resolve(a)
		if err != nil {
			return err
		}
		app, err := a.house.Applications.AddAppID(ctx, a.actor, org, application.NewAppID{
			ID: w.ID, Key: w.Key.Reveal(), Name: w.Name,
			Description: or(w.Description, ""), AutoCreate: w.AutoCreate, Everlasting: w.Everlasting, MaxAhead: or(w.MaxAhead, 0),
		})
		if err != nil {
			return err
		}
		if !w.Key.Given() {
			a.generated(Generated{Kind: "app_id", Name: w.ID, Of: of.code, Key: "app_key", Secret: SecretOf(app.Keys[0].Secret)})
		}
		if w.Status != nil && *w.Status != string(identity.AppIDActive) {
			if _, err := a.house.Applications.ChangeAppID(ctx, a.actor, org, w.ID, 0, appIDChange(w)); err != nil {
				return err
			}
		}
		return a.note(ctx, appKeySecret(w.ID), w.Key)
	}
}

func appIDChange(w AppID) application.AppIDChange {
	c := application.AppIDChange{Name: &w.Name, Description: w.Description, AutoCreate: w.AutoCreate, Everlasting: w.Everlasting, MaxAhead: w.MaxAhead}
	if w.Status != nil {
		status := identity.AppIDStatus(*w.Status)
		c.Status = &status
	}
	return c
}

func changeAppID(w AppID, of owner, e appIDEdit) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		if e.fields {
			if _, err := a.house.Applications.ChangeAppID(ctx, a.actor, of.id, w.ID, 0, appIDChange(w)); err != nil {
				return err
			}
		}
		if !e.key {
			return nil
		}
		if _, err := a.house.Applications.SetAppKey(ctx, a.actor, of.id, w.ID, w.Key.Reveal()); err != nil {
			return err
		}
		return a.note(ctx, appKeySecret(w.ID), w.Key)
	}
}

func removeAppID(id string, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		return a.house.Applications.RemoveAppID(ctx, a.actor, of.id, id)
	}
}
