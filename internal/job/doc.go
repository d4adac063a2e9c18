// Package job runs periodic work once across all instances.
//
// Each job has a row with a lease. The instance that takes the lease runs the
// job and renews the lease meanwhile; the others pass. An instance that dies
// loses its lease within half a minute and another takes over. A failure is
// recorded, logged and tried again, later each time.
//
// sweep.go is the job that deletes what has expired; every other job lives in
// the room whose work it is.
package job
