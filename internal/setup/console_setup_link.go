package setup

import (
	"net/url"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/source"
)

// linkForm is a set-up link on its way through a decision.
type linkForm struct {
	*visit
	organization identity.Organization
	sub          source.Submission
}

func (v *visit) openLink(args []string) (*linkForm, error) {
	o, err := v.organization(args[0])
	if err != nil {
		return nil, err
	}
	sub, err := v.Sources.SetupLink(v.r.Context(), v.actor, o.ID, identity.SetupLinkID(args[1]))
	return &linkForm{v, o, sub}, err
}

// showSetupLink shows what was filled in beside what is in force.
func (v *visit) showSetupLink(args []string) error {
	f, err := v.openLink(args)
	if err != nil {
		return err
	}
	content, err := f.content(nil)
	if err != nil {
		return err
	}
	return v.show(content)
}

// decideSetupLink approves, rejects or withdraws, and leads back to the source.
func (v *visit) decideSetupLink(args []string) error {
	f, err := v.openLink(args)
	if err != nil {
		return err
	}
	ctx, o, id := v.r.Context(), f.organization.ID, f.sub.Link.ID
	switch v.r.PostForm.Get("do") {
	case "approve":
		err = v.Sources.ApproveSetupLink(ctx, v.actor, o, id)
	case "reject":
		err = v.Sources.RejectSetupLink(ctx, v.actor, o, id, strings.TrimSpace(v.r.PostForm.Get("note")))
	case "withdraw":
		err = v.Sources.WithdrawSetupLink(ctx, v.actor, o, id)
	default:
		return fault.New(fault.Invalid, fault.CodeMalformed)
	}
	if err == nil {
		v.to = sourcePath(f.organization, f.sub.Source.ID)
		return nil
	}
	asked := fault.Of(err)
	if asked.Kind != fault.Invalid && asked.Kind != fault.Conflict && asked.Kind != fault.Stale {
		return err
	}
	content, err := f.content(asked)
	if err != nil {
		return err
	}
	v.reply.Self = content.Action
	return v.again(asked, content)
}

func (f *linkForm) content(asked *fault.Error) (pages.ConsoleSetupLink, error) {
	o, link := f.organization, f.sub.Link
	content := pages.ConsoleSetupLink{
		Frame: f.frame(pages.Crumb{Text: o.Name}, pages.Crumb{Label: "console_sources.title", Address: within(o, "sources")},
			pages.Crumb{Text: f.sub.Source.Name, Address: sourcePath(o, f.sub.Source.ID)}, pages.Crumb{Label: "console_setup_link.title"}),
		Action: within(o, "setup-links/"+url.PathEscape(string(link.ID))), Token: f.token(),
		Link: linkLine(o, link, f.sub.Source.Name), Domain: link.Domain, Note: link.Note, Fault: asked,
	}
	if f.sub.Written {
		content.Settings = differencesOf(f.sub)
	}
	if link.Domain == "" {
		return content, nil
	}
	domains, err := f.Directory.Domains(f.r.Context(), f.actor, o.ID)
	content.Proven = slices.ContainsFunc(domains, func(d identity.Domain) bool { return d.Name == link.Domain && d.Proven() })
	return content, err
}

// differencesOf lists the settings that were filled in or are in force.
func differencesOf(sub source.Submission) (all []pages.ConsoleDifference) {
	for _, f := range source.Schema(sub.Source.Kind) {
		d := pages.ConsoleDifference{
			Label: f.LabelKey(), Before: sub.Source.Settings[f.Key], After: sub.Settings[f.Key], Secret: slices.Contains(sub.Secrets, f.Key),
		}
		if d.Before != d.After || d.Secret {
			all = append(all, d)
		}
	}
	return all
}
