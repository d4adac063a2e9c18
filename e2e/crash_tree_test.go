package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/orgate/orgate/e2e/harness"
)

// gardening is a stream of changes to trees of departments and to who is in
// them: subtrees are moved, files imported, organisations made and dissolved.
type gardening struct {
	t    *testing.T
	n    *harness.Node
	head map[string]string
	done atomic.Int64 // acknowledged

	mu     sync.Mutex
	faults []string // answers that are no answer to what was asked

	stop    context.CancelFunc
	ctx     context.Context
	workers sync.WaitGroup
}

// startGardening changes things until the node is gone or stop is called. name
// keeps what one does apart from what another did.
func startGardening(t *testing.T, n *harness.Node, name string) *gardening {
	t.Helper()
	g := &gardening{t: t, n: n, head: with(n.SignIn(t, harness.Root).AccessToken)}
	g.head["Content-Type"] = "application/json"
	g.ctx, g.stop = context.WithCancel(t.Context())
	t.Cleanup(func() {
		g.stop()
		g.workers.Wait()
	})
	for w := range 3 {
		g.workers.Go(func() { g.move(fmt.Sprintf("%s-%d", name, w), fmt.Sprintf("%s-%d", name, (w+1)%3)) })
	}
	g.workers.Go(func() { g.bring(name) })
	g.workers.Go(func() { g.dissolve(name) })
	return g
}

// asks sends a call and reports whether the node is still there. Refusals are
// answers, too: two workers move each other's trees.
func (g *gardening) asks(method, path string, body any) bool {
	a, err := g.n.Try(g.ctx, harness.Call{Method: method, Path: "/api/v1/organizations" + path, Header: g.head, Body: body})
	if err != nil {
		return false
	}
	switch {
	case a.Status < 300:
		g.done.Add(1)
	case a.Status >= 500 || a.Status == http.StatusUnauthorized || a.Status == http.StatusUnprocessableEntity:
		g.mu.Lock()
		g.faults = append(g.faults, fmt.Sprintf("%s %s: %d %s", method, path, a.Status, a.Body))
		g.mu.Unlock()
	}
	return true
}

// move plants a tree of three departments with somebody in it, and hangs it now
// below the root and now below the tree of another worker.
func (g *gardening) move(own, other string) {
	for _, d := range []map[string]any{
		{"code": own, "name": own}, {"code": own + "-a", "name": "a", "parent": own}, {"code": own + "-b", "name": "b", "parent": own + "-a"},
	} {
		g.asks(http.MethodPost, "/acme/departments", d)
	}
	for i := 0; ; i++ {
		there := g.asks(http.MethodPost, "/acme/members", map[string]any{
			"account": fmt.Sprintf("%s-%d", own, i), "name": own, "email": fmt.Sprintf("%s-%d@garden.example", own, i), "department": own + "-b",
		}) &&
			g.asks(http.MethodPatch, "/acme/departments/"+own, map[string]any{"parent": other}) &&
			g.asks(http.MethodPatch, "/acme/departments/"+own+"-a", map[string]any{"parent": "1"}) &&
			g.asks(http.MethodPatch, "/acme/departments/"+own+"-a", map[string]any{"parent": own}) &&
			g.asks(http.MethodPatch, "/acme/departments/"+own, map[string]any{"parent": "1"})
		if !there {
			return
		}
	}
}

// bring imports people with their departments.
func (g *gardening) bring(name string) {
	var file strings.Builder
	file.WriteString("account,name,department\n")
	for i := range 600 {
		fmt.Fprintf(&file, "%s-brought-%d,Brought %d,%s hall/Floor %d\n", name, i, i, name, i%20)
	}
	g.asks(http.MethodPost, "/acme/imports?make_departments=true&file_name=garden.csv", file.String())
}

// dissolve makes organisations and dissolves them.
func (g *gardening) dissolve(name string) {
	for i := 0; ; i++ {
		code := fmt.Sprintf("%s-gone-%d", name, i)
		there := g.asks(http.MethodPost, "", map[string]any{
			"code": code, "name": code,
			"owner": map[string]any{"account": "owner@" + code, "name": "Owner", "email": "owner@" + code + ".example"},
		}) &&
			g.asks(http.MethodPost, "/"+code+"/departments", map[string]any{"code": "rd", "name": "Research"}) &&
			g.asks(http.MethodPost, "/"+code+"/members", map[string]any{"account": "one@" + code, "name": "One", "email": "one@" + code + ".example", "department": "rd"}) &&
			g.asks(http.MethodPost, "/"+code+"/dissolve", map[string]any{"confirm": code})
		if !there {
			return
		}
	}
}

// sound has the doctor look at the rows.
func sound(t *testing.T, house *harness.Installation) {
	t.Helper()
	if r := house.Run(t, "doctor").Want(t, 0); !strings.Contains(r.Out, "rows: trees, counts and memberships agree") {
		t.Errorf("the doctor says:\n%s", r.Out)
	}
}

// TestKilledAmongTrees kills the node again and again while trees change: what
// is left is sound each time, and what was begun is completed by the next one.
func TestKilledAmongTrees(t *testing.T) {
	onEach(t, func(t *testing.T, o harness.Options) {
		house := harness.New(t, o)
		for round := range 3 {
			n := house.Start(t)
			g := startGardening(t, n, fmt.Sprintf("g%d", round))
			harness.Until(t, 20*time.Second, "changes to trees", func() bool { return g.done.Load() >= int64(40+17*round) })
			n.Kill(t)
			g.workers.Wait()
			for _, fault := range g.faults {
				t.Error(fault)
			}
			sound(t, house)
		}
		n := house.Start(t)
		head := with(n.SignIn(t, harness.Root).AccessToken)
		for _, open := range []string{"waiting", "running"} {
			harness.Until(t, 30*time.Second, "the imports that are "+open, func() bool {
				var list struct{ Items []struct{ ID string } }
				n.Do(t, harness.Call{Path: "/api/v1/organizations/acme/imports?status=" + open, Header: head}).Want(t, http.StatusOK, "").Into(t, &list)
				return len(list.Items) == 0
			})
		}
		n.Stop(t)
		sound(t, house)
	})
}
