// Command bench measures Orgate on the machine it runs on and writes the tables
// of docs/performance.md. It is run by make bench.
//
// Every figure stands beside that of a bare server measured in the same run,
// turn by turn, so that what a noisy machine does to one it does to the other:
// the ratio is the claim, the milliseconds are the evidence. The bare servers
// do one thing each: answer a constant, insert one durable row, check one
// HMAC and insert one durable row.
//
// Files: cases.go says what is measured, stage.go where and pace.go how often;
// duel.go measures two contenders in turns, drive.go is the closed loop of
// connections and wire.go its HTTP, open.go the open loop and half.go what is
// measured in it; nodes.go is two servers on one database
// and steady.go a mix that lasts; limit*.go are the bare servers, which run
// as children of this program; product.go starts the server, population.go and
// names.go say who is in its database, seed.go and transfer.go fill it,
// requests.go, listing.go and browser.go ask it, and centre.go stands in for the
// enterprises' own authentication centres; process.go starts children and ends them, proc.go reads
// what they used; report.go, table.go and document.go write it down; gate.go
// judges it.
//
// Only loopback addresses are used, all work is bounded in time, and whatever
// was started or made is ended or removed when the program ends, also when it
// is interrupted. Processor time is read from /proc, so it needs Linux.
package main
