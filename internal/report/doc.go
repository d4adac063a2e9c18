// Package report counts who comes in and what they enter, and tells it by day,
// week and month (OrgID, B.10).
//
// Nothing is counted on the way of a sign-in: a job reads the log of events some
// minutes later (fold.go) and keeps sums. Who was met in a period is kept while
// the period lasts, so that a week's different people are just that and not the
// sum of its days. people.go and applications.go read the sums, zone.go holds
// whose midnight ends a day.
package report
