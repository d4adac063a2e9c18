package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Of ten policies the last one decides for every browser of the bench, and the
// others were looked at.
func TestPoliciesOfThePopulation(t *testing.T) {
	filled(t, func(t *testing.T, p *population, db *store.DB) {
		err := db.View(t.Context(), func(tx *store.Tx) error {
			app, err := tx.Applications.ByClientID(p.tenants[0].id, guardedClient)
			if err != nil {
				return err
			}
			control, err := tx.AccessPolicies.Control(p.tenants[0].id, app.ID)
			if err != nil {
				return err
			}
			rules, err := tx.AccessPolicies.Rules(control)
			j := rules.Judge(identity.Circumstances{At: tx.Now(), Address: netip.MustParseAddr("10.1.2.3")})
			if err != nil || !j.Controlled || len(j.Looked) != guardingPolicies || j.Policy.ID != rules.Policies[guardingPolicies-1].ID || !j.Passes(false) {
				t.Errorf("got %+v, %v", j, err)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// Nobody is told of anything before a push is measured. The figures of what goes
// on beside it begin with the first people who are told, and count the others.
func TestBeside(t *testing.T) {
	filledAt(t, func(t *testing.T, _ *population, dsn string, _ *store.DB) {
		a := &arena{campaign: &campaign{centre: &centre{}}, dsn: dsn}
		enabled := func() int64 {
			n, err := a.number(t.Context(), `SELECT count(*) FROM application_syncs WHERE enabled`)
			if err != nil {
				t.Error(err)
			}
			return n
		}
		if n := enabled(); n != 0 {
			t.Errorf("%d applications are told at once", n)
		}
		call := func(people int) {
			w := httptest.NewRecorder()
			body := strings.Repeat(`{"userName":"x"},`, people)
			a.centre.handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, pushPath+"/produceAPI/v2/authSync", strings.NewReader(body)))
			if !strings.Contains(w.Body.String(), `"000000"`) {
				t.Errorf("the receiver says %s", w.Body)
			}
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range 1_000 {
				if enabled() == 1 {
					call(1)
					return
				}
				if wait(t.Context(), pushPoll) != nil {
					return
				}
			}
		}()
		s, err := a.beside(func(context.Context) (sample, error) {
			call(500)
			return sample{Requests: 7, Elapsed: time.Second}, nil
		})(t.Context())
		<-done
		if err != nil || s.Told != 500 || s.Requests != 7 || enabled() != 0 {
			t.Errorf("got %+v, %v", s, err)
		}
	})
}

// Cases that are compared with another name one that there is, and that does not
// begin with another.
func TestRivals(t *testing.T) {
	for _, b := range cases() {
		rival, ok := b.rival()
		if ok != (b.limit == plainLogin) || ok && rival.limit != insert {
			t.Errorf("%s is compared with %q", b.name, rival.name)
		}
	}
}
