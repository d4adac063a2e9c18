// Package server builds every part of the product from its settings and joins
// them: the composition. It is the only place that reads the clock, knows all
// rooms and knows Config; each part is handed its own small options.
//
// house.go opens the database and the use cases; the commands of the command
// line work on a House directly. server.go adds the listeners, the surfaces
// and the work in the background, and stops them in reverse order.
package server
