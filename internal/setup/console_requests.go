package setup

import (
	"errors"
	"net/url"

	"github.com/orgate/orgate/internal/approval"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
)

// requestPage is how many requests a page lists.
const requestPage = 50

// listRequests lists what people ask of an organisation: what is undecided, or
// everything.
func (v *visit) listRequests(args []string) error {
	o, err := v.organization(args[0])
	if err != nil {
		return err
	}
	content, err := v.requests(o)
	if err != nil {
		return err
	}
	return v.show(content)
}

// requests is the page of an organisation's requests.
func (v *visit) requests(o identity.Organization) (pages.ConsoleRequests, error) {
	query := v.r.URL.Query()
	content := pages.ConsoleRequests{
		Frame:  v.frame(pages.Crumb{Text: o.Name}, pages.Crumb{Label: "console_requests.title"}),
		Action: within(o, "requests"), Token: v.token(), All: query.Get("show") == "all", Done: query.Get("done"),
	}
	asked := approval.Query{Before: identity.RequestID(query.Get("before")), Limit: requestPage + 1}
	if !content.All {
		asked.State = identity.RequestPending
	}
	found, err := v.Approval.Page(v.r.Context(), v.actor, o.ID, asked)
	if err != nil {
		return content, err
	}
	if len(found) > requestPage {
		found = found[:requestPage]
		next := url.Values{"before": {string(found[requestPage-1].Request.ID)}}
		if content.All {
			next.Set("show", "all")
		}
		content.Next = within(o, "requests?"+next.Encode())
	}
	for _, row := range found {
		r := row.Request
		content.Requests = append(content.Requests, pages.Request{
			ID: string(r.ID), Kind: string(r.Kind), State: string(r.State), Application: row.Application, Organization: row.Organization,
			Applicant: row.Applicant, Account: row.Account, Reason: r.Reason, Answer: r.Answer, DecidedBy: r.DecidedBy,
			Since: r.CreatedAt, At: r.DecidedAt, Waits: row.Waits,
		})
	}
	return content, nil
}

// decideRequest approves or rejects one.
func (v *visit) decideRequest(args []string) error {
	o, err := v.organization(args[0])
	if err != nil {
		return err
	}
	id, answer := identity.RequestID(v.r.PostForm.Get("request")), v.r.PostForm.Get("answer")
	done := v.r.PostForm.Get("do")
	switch done {
	case "approved":
		err = v.Approval.Approve(v.r.Context(), v.actor, o.ID, id, answer)
	case "rejected":
		err = v.Approval.Reject(v.r.Context(), v.actor, o.ID, id, answer)
	default:
		err = fault.New(fault.Invalid, fault.CodeMalformed)
	}
	var f *fault.Error
	if errors.As(err, &f) && f.Kind != fault.Internal && f.Kind != fault.Unavailable {
		content, failed := v.requests(o)
		if failed != nil {
			return failed
		}
		content.Fault = f
		return v.again(f, content)
	}
	v.to = within(o, "requests?done="+done)
	return err
}
