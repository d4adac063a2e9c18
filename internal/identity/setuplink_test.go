package identity

import (
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

func TestSetupLinkStates(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	acts := map[string]func(*SetupLink) error{
		"open":     func(l *SetupLink) error { return l.Open(now) },
		"submit":   func(l *SetupLink) error { return l.Submit(now) },
		"decide":   func(l *SetupLink) error { return l.Decide(SetupLinkApproved, "", "acc_1", now) },
		"withdraw": func(l *SetupLink) error { return l.Withdraw("acc_1", now) },
	}
	tests := []struct {
		state SetupLinkState
		may   map[string]SetupLinkState
	}{
		{SetupLinkWaiting, map[string]SetupLinkState{"open": SetupLinkOpen, "withdraw": SetupLinkWithdrawn}},
		{SetupLinkOpen, map[string]SetupLinkState{"submit": SetupLinkSubmitted, "withdraw": SetupLinkWithdrawn}},
		{SetupLinkSubmitted, map[string]SetupLinkState{"decide": SetupLinkApproved, "withdraw": SetupLinkWithdrawn}},
		{SetupLinkApproved, nil},
		{SetupLinkRejected, nil},
		{SetupLinkWithdrawn, nil},
	}
	for _, test := range tests {
		for act, do := range acts {
			l := SetupLink{State: test.state, Draft: []byte("{}"), EndsAt: now.Add(time.Hour)}
			err := do(&l)
			want, may := test.may[act]
			if !may {
				want = test.state
			}
			if (err == nil) != may || l.State != want {
				t.Errorf("%s, %s: got %s, %v", test.state, act, l.State, err)
			}
		}
	}
}

func TestSetupLinkEnds(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	late := SetupLink{State: SetupLinkWaiting, EndsAt: now}
	if err := late.Open(now); !fault.Is(err, fault.CodeSetupLinkEnded) {
		t.Errorf("opened at its end: %v", err)
	}
	late.State, late.Draft = SetupLinkOpen, []byte("{}")
	if err := late.Submit(now); !fault.Is(err, fault.CodeSetupLinkEnded) || late.Editable(now) {
		t.Errorf("submitted at its end: %v", err)
	}
	empty := SetupLink{State: SetupLinkOpen, EndsAt: now.Add(1)}
	if err := empty.Submit(now); !fault.Is(err, fault.CodeSetupLinkEmpty) {
		t.Errorf("submitted empty: %v", err)
	}
}
