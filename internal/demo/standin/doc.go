// Package standin is what the stand-ins of the demonstration have in common,
// outside parties that they are: pages in one frame, and a small listener.
package standin
