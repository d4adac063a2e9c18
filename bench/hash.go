package main

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/orgate/orgate/internal/directory"
)

// password is what every member of the population has.
const password = "correct-Horse-7"

// passwordHash is the product's own hash of the password.
func passwordHash(ctx context.Context) (string, error) {
	return directory.NewHasher(directory.HasherOptions{}).Hash(ctx, password)
}

// measureHash runs the product's password check and nothing else, on all
// processors at once as a loaded server does: two hashes beside each other
// share the memory's bandwidth and cost more than one. The processor time is
// this program's own, which does nothing else meanwhile.
func measureHash(ctx context.Context, hash string, own meter, run time.Duration) (sample, error) {
	hasher := directory.NewHasher(directory.HasherOptions{})
	before, err := own.read()
	if err != nil {
		return sample{}, err
	}
	start := time.Now()
	var made atomic.Int64
	var failed atomic.Pointer[error]
	var work sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() {
			// The first check is made however late the worker came to run.
			for {
				if _, err := hasher.Verify(ctx, password, hash); err != nil {
					failed.Store(&err)
					return
				}
				made.Add(1)
				if time.Since(start) >= run || ctx.Err() != nil {
					return
				}
			}
		})
	}
	work.Wait()
	elapsed := time.Since(start)
	if err := failed.Load(); err != nil {
		return sample{}, *err
	}
	after, err := own.read()
	if err == nil {
		err = context.Cause(ctx)
	}
	return sample{Requests: made.Load(), Elapsed: elapsed, Server: after.minus(before).server}, err
}
