package directory

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"golang.org/x/crypto/bcrypt"

	"github.com/orgate/orgate/internal/fault"
)

func TestHasherDefaultsAreThoseOfOWASP(t *testing.T) {
	hash, err := NewHasher(HasherOptions{}).Hash(t.Context(), goodPassword)
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("got %q, %v", hash, err)
	}
}

func TestVerify(t *testing.T) {
	h := cheap()
	hash := func(h *Hasher) string {
		text, err := h.Hash(t.Context(), goodPassword)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	legacy, err := bcrypt.GenerateFromPassword([]byte(goodPassword), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name, password, hash string
		want                 Verdict
	}{
		{"right", goodPassword, hash(h), Verdict{Right: true}},
		{"wrong", "Correct-horse-43", hash(h), Verdict{}},
		{"other case", strings.ToLower(goodPassword), hash(h), Verdict{}},
		{"trailing blank", goodPassword + " ", hash(h), Verdict{}},
		{"no password", goodPassword, "", Verdict{}},
		{"other memory", goodPassword, hash(NewHasher(HasherOptions{MemoryKiB: 32, Passes: 1})), Verdict{Right: true, Outdated: true}},
		{"other passes", goodPassword, hash(NewHasher(HasherOptions{MemoryKiB: 16, Passes: 2})), Verdict{Right: true, Outdated: true}},
		{"wrong and outdated", "x", hash(NewHasher(HasherOptions{MemoryKiB: 32, Passes: 1})), Verdict{}},
		{"bcrypt", goodPassword, string(legacy), Verdict{Right: true, Outdated: true}},
		{"bcrypt, wrong", "x", string(legacy), Verdict{}},
	} {
		before := h.made.Load()
		got, err := h.Verify(t.Context(), row.password, row.hash)
		if err != nil || got != row.want {
			t.Errorf("%s: got %+v, %v, want %+v", row.name, got, err, row.want)
		}
		if n := h.made.Load() - before; n != 1 {
			t.Errorf("%s: %d hashes were computed, want 1", row.name, n)
		}
	}
}

// A decoy must not be a way in for whoever learns how it is made.
func TestNobodyKnowsTheDecoy(t *testing.T) {
	h := cheap()
	if v, err := h.Verify(t.Context(), "", ""); err != nil || v.Right {
		t.Errorf("got %+v, %v", v, err)
	}
	if h.decoy == cheap().decoy {
		t.Error("two hashers share a decoy")
	}
}

func TestBrokenHashes(t *testing.T) {
	const salt, key = "c2FsdHNhbHRzYWx0", "a2V5a2V5a2V5a2V5a2V5a2V5"
	good := "$argon2id$v=19$m=16,t=1,p=1$" + salt + "$" + key
	if !ValidHash(good) {
		t.Fatalf("%s is refused", good)
	}
	for _, hash := range []string{
		"plain", "$", "$argon2id", good + "$", good + "=", " " + good,
		"$argon2i$v=19$m=16,t=1,p=1$" + salt + "$" + key,
		"$argon2id$v=16$m=16,t=1,p=1$" + salt + "$" + key,
		"$argon2id$v=19$m=16,t=1,p=1$short$" + key,
		"$argon2id$v=19$m=16,t=1,p=1$" + salt + "$short",
		"$argon2id$v=19$m=016,t=1,p=1$" + salt + "$" + key,
		"$argon2id$v=19$m=16,t=1,p=1 $" + salt + "$" + key,
		"$argon2id$v=19$m=4,t=1,p=1$" + salt + "$" + key,
		"$argon2id$v=19$m=16,t=0,p=1$" + salt + "$" + key,
		"$argon2id$v=19$m=16,t=1,p=0$" + salt + "$" + key,
		"$argon2id$v=19$m=4294967295,t=1,p=1$" + salt + "$" + key,
		"$argon2id$v=19$m=16,t=4294967295,p=1$" + salt + "$" + key,
		"$argon2id$v=19$m=16,t=1,p=256$" + salt + "$" + key,
		"$2a$31$" + strings.Repeat("a", 53), "$2a$04$short", "$2",
	} {
		if ValidHash(hash) {
			t.Errorf("%q is taken for a hash", hash)
		}
		_, err := cheap().Verify(t.Context(), "x", hash)
		if fault.KindOf(err) != fault.Internal || err == nil {
			t.Errorf("%q: got %v, want an internal fault", hash, err)
		}
		if err != nil && len(hash) > 8 && strings.Contains(err.Error(), hash) {
			t.Errorf("the fault tells the hash: %v", err)
		}
	}
}

func TestHasherBoundsWhatRunsAndWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHasher(HasherOptions{MemoryKiB: 16, Passes: 1, Parallel: 2, Queue: 3})
		release := make(chan struct{})
		var work sync.WaitGroup
		for range 5 {
			work.Go(func() {
				if err := h.inTurn(t.Context(), func() { <-release }); err != nil {
					t.Errorf("got %v", err)
				}
			})
		}
		synctest.Wait()
		if running, waiting := len(h.running), h.waiting.Load(); running != 2 || waiting != 3 {
			t.Errorf("%d run and %d wait, want 2 and 3", running, waiting)
		}
		_, err := h.Hash(t.Context(), "x")
		wants(t, "beyond the queue", err, fault.CodeRateLimited)
		close(release)
		work.Wait()
		if _, err := h.Hash(t.Context(), "x"); err != nil || h.waiting.Load() != 0 {
			t.Errorf("afterwards: %v, %d wait", err, h.waiting.Load())
		}
	})
}

func TestWaitingEndsWithTheCaller(t *testing.T) {
	h := NewHasher(HasherOptions{MemoryKiB: 16, Passes: 1, Parallel: 1})
	h.running <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := h.Verify(ctx, "x", "")
	if wants(t, "cancelled", err, fault.CodeUnavailable); !errors.Is(err, context.Canceled) {
		t.Errorf("the cause is lost: %v", err)
	}
}

func FuzzParseArgon(f *testing.F) {
	f.Add("$argon2id$v=19$m=16,t=1,p=1$c2FsdHNhbHRzYWx0$a2V5a2V5a2V5a2V5a2V5a2V5")
	f.Add("$argon2id$v=19$m=4294967295,t=1,p=1$$")
	f.Fuzz(func(t *testing.T, hash string) {
		cost, salt, key, err := parseArgon(hash)
		if err != nil {
			return
		}
		if cost.memory > maxMemoryKiB || cost.passes > maxPasses || cost.lanes > maxLanes || len(salt) < 8 || len(key) < 16 {
			t.Errorf("%q: %+v is beyond the bounds", hash, cost)
		}
	})
}
