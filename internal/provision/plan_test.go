package provision

import (
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

func TestDifference(t *testing.T) {
	wanted := ack{SyncAck: store.SyncAck{Digest: []byte("new")}}
	tests := []struct {
		name  string
		known store.SyncAck
		want  Act
		ok    bool
	}{
		{
			name:  "nothing is known",
			known: store.SyncAck{},
			want:  Add,
			ok:    true,
		},
		{
			name:  "it is known as it is",
			known: store.SyncAck{Digest: []byte("new")},
			ok:    false,
		},
		{
			name:  "it is known otherwise",
			known: store.SyncAck{Digest: []byte("old")},
			want:  Modify,
			ok:    true,
		},
		{
			name:  "it was revoked",
			known: store.SyncAck{Digest: []byte("new"), Revoked: true},
			want:  Add,
			ok:    true,
		},
		{
			name:  "it was refused as it is",
			known: store.SyncAck{Refused: []byte("new")},
			ok:    false,
		},
		{
			name:  "it was refused otherwise",
			known: store.SyncAck{Refused: []byte("old")},
			want:  Add,
			ok:    true,
		},
		{
			name:  "its change was refused",
			known: store.SyncAck{Digest: []byte("old"), Refused: []byte("new")},
			ok:    false,
		},
		{
			name:  "another change was refused",
			known: store.SyncAck{Digest: []byte("old"), Refused: []byte("older")},
			want:  Modify,
			ok:    true,
		},
	}
	for _, tt := range tests {
		act, ok := difference(tt.known, wanted)
		if ok != tt.ok {
			t.Errorf("%s: to be told %v, want %v", tt.name, ok, tt.ok)
		}
		if ok && act != tt.want {
			t.Errorf("%s: act %d, want %d", tt.name, act, tt.want)
		}
	}
}

func TestParentCode(t *testing.T) {
	tests := []struct {
		name string
		d    identity.Department
		want string
	}{
		{
			name: "the root",
			d:    identity.Department{Code: "1", Path: "1/"},
			want: "",
		},
		{
			name: "below the root",
			d:    identity.Department{Code: "rd", Path: "1/rd/", ParentID: "dep_1"},
			want: "1",
		},
		{
			name: "further down",
			d:    identity.Department{Code: "x.y", Path: "1/rd/lab/x.y/", ParentID: "dep_3"},
			want: "lab",
		},
		{
			name: "without a path",
			d:    identity.Department{Code: "rd", ParentID: "dep_1"},
			want: "",
		},
	}
	for _, tt := range tests {
		if got := parentCode(tt.d); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestMasked(t *testing.T) {
	tests := []struct {
		text string
		want string
	}{
		{
			text: "",
			want: "",
		},
		{
			text: "1",
			want: "*",
		},
		{
			text: "1234",
			want: "****",
		},
		{
			text: "12345",
			want: "12*45",
		},
		{
			text: "+8613800000001",
			want: "+8**********01",
		},
		{
			text: "张三李四王五",
			want: "张三**王五",
		},
	}
	for _, tt := range tests {
		if got := masked(tt.text); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
	}
}

// TestObjects are named in a record, long lists by their beginning.
func TestObjects(t *testing.T) {
	s := &sending{
		app: identity.Application{ClientID: "wiki"},
		org: identity.Organization{Name: "Acme"},
	}
	var people []person
	for _, name := range strings.Fields("ann bob cid dan eve fay gus") {
		people = append(people, person{UserName: name})
	}
	tests := []struct {
		name string
		one  step
		want string
	}{
		{
			name: "the organisation",
			one:  step{event: EventTenant},
			want: "Acme",
		},
		{
			name: "the credential",
			one:  step{event: EventApplication},
			want: "wiki",
		},
		{
			name: "a department",
			one: step{
				event:       EventDepartment,
				departments: []department{{Code: "rd", Name: "Research"}},
			},
			want: "Research (rd)",
		},
		{
			name: "departments",
			one: step{
				event: EventDepartments,
				departments: []department{
					{Code: "1", Name: "Acme"},
					{Code: "rd", Name: "Research"},
				},
				acks: make([]ack, 2),
			},
			want: "Acme, Research",
		},
		{
			name: "few people",
			one: step{
				event:  EventPeople,
				people: people[:2],
				acks:   make([]ack, 2),
			},
			want: "ann, bob",
		},
		{
			name: "many people",
			one: step{
				event:  EventPeople,
				people: people,
				acks:   make([]ack, 7),
			},
			want: "ann, bob, cid, dan, eve +2",
		},
	}
	for _, tt := range tests {
		if got := tt.one.object(s); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestBatches hold no more people than the wire allows, each once.
func TestBatches(t *testing.T) {
	tests := []struct {
		people int
		want   []int
	}{
		{
			people: 0,
			want:   nil,
		},
		{
			people: 1,
			want:   []int{1},
		},
		{
			people: MaxPeople,
			want:   []int{MaxPeople},
		},
		{
			people: MaxPeople + 1,
			want:   []int{MaxPeople, 1},
		},
		{
			people: 3*MaxPeople - 1,
			want:   []int{MaxPeople, MaxPeople, MaxPeople - 1},
		},
	}
	for _, tt := range tests {
		var w planner
		w.batches(Add, crowd{
			people: make([]person, tt.people),
			acks:   make([]ack, tt.people),
		})
		if len(w.plan.steps) != len(tt.want) {
			t.Errorf("%d people: %d calls, want %d", tt.people, len(w.plan.steps), len(tt.want))
			continue
		}
		for i, one := range w.plan.steps {
			if len(one.people) != tt.want[i] || len(one.acks) != tt.want[i] {
				t.Errorf("%d people: call %d names %d, want %d", tt.people, i, len(one.people), tt.want[i])
			}
			if one.event != EventPeople || one.act != Add {
				t.Errorf("%d people: call %d is %s %d", tt.people, i, one.event, one.act)
			}
		}
	}
}

// TestAnotherReceiver is told everything.
func TestAnotherReceiver(t *testing.T) {
	h := sqliteHouse(t)
	h.member("ann", "")
	h.open(newLedger())
	h.calls(
		"the first receiver",
		"tenantSync 1",
		"applicationSync 1",
		"allOrgSync 0",
		"authSync 1",
	)
	_, err := h.SetSync(t.Context(), console(), h.acme.ID, "wiki", 0, SyncChange{
		CallbackURL: new(h.receiver.url + "/other"),
	})
	h.must(err)
	h.calls(
		"the other receiver",
		"tenantSync 1",
		"applicationSync 1",
		"allOrgSync 0",
		"authSync 1",
	)
	h.calls("and once")
}

// TestACredentialThatChanges is told alone.
func TestACredentialThatChanges(t *testing.T) {
	h := sqliteHouse(t)
	h.open(newLedger())
	h.pass()
	_, err := h.SetSync(t.Context(), console(), h.acme.ID, "wiki", 0, SyncChange{
		Digest: new(identity.SyncSHA1),
	})
	h.must(err)
	h.calls("the digest of its sealing", "applicationSync 2")
	_, secret, err := h.apps.RotateSecret(t.Context(), console(), h.acme.ID, "wiki", 0)
	h.must(err)
	_, err = h.SetSync(t.Context(), console(), h.acme.ID, "wiki", 0, SyncChange{
		ClientSecret: &secret,
	})
	h.must(err)
	h.calls("the secret", "applicationSync 2")
	h.calls("and once")
}

// TestWhatCameLaterStandsApart in the first form, and only where there is any.
func TestWhatCameLaterStandsApart(t *testing.T) {
	tests := []struct {
		name string
		p    person
		want *extension
	}{
		{
			name: "nothing",
			p:    person{UserName: "ann"},
			want: nil,
		},
		{
			name: "the kind",
			p:    person{UserName: "ann", EmployeeType: 2},
			want: &extension{EmployeeType: 2},
		},
		{
			name: "the place",
			p:    person{UserName: "ann", WorkPlace: "Bern"},
			want: &extension{WorkPlace: "Bern"},
		},
		{
			name: "the day",
			p:    person{UserName: "ann", EntryDate: "2024-02-3"},
			want: &extension{EntryDate: "2024-02-3"},
		},
	}
	for _, tt := range tests {
		got := tt.p.v1()
		if got.UserName != "ann" {
			t.Errorf("%s: got the name %q", tt.name, got.UserName)
		}
		if (got.Extension == nil) != (tt.want == nil) {
			t.Errorf("%s: got %v, want %v", tt.name, got.Extension, tt.want)
			continue
		}
		if tt.want != nil && *got.Extension != *tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, *got.Extension, *tt.want)
		}
	}
}
