package main

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// machine says where figures come from; without it they mean nothing.
type machine struct {
	Processor string            `json:"processor"`
	Cores     int               `json:"cores"`
	System    string            `json:"system"`
	Go        string            `json:"go"`
	Postgres  string            `json:"postgres,omitempty"`
	Modules   map[string]string `json:"modules"`
	Flush     time.Duration     `json:"flush_ns"` // median of writing 4 KiB to the disk
}

// flushes is how often the disk is asked.
const flushes = 200

// inspect reads what the machine is; dir is where the databases will be.
func inspect(dir string) (machine, error) {
	m := machine{
		Cores: runtime.NumCPU(), Go: strings.TrimPrefix(runtime.Version(), "go"), System: runtime.GOOS + "/" + runtime.GOARCH,
		Modules: map[string]string{},
	}
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return m, err
	}
	m.Processor = processorOf(string(text))
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, module := range build.Deps {
			if slices.Contains([]string{"modernc.org/sqlite", "github.com/jackc/pgx/v5"}, module.Path) {
				m.Modules[module.Path] = module.Version
			}
		}
	}
	m.Flush, err = flushTime(dir)
	return m, err
}

// processorOf finds the processor's name in the text of /proc/cpuinfo.
func processorOf(text string) string {
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

// flushTime is the median time to have 4 KiB on the disk: what a commit cannot
// be faster than.
func flushTime(dir string) (d time.Duration, err error) {
	file, err := os.Create(filepath.Join(dir, "flush"))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	block := make([]byte, 4<<10)
	times := make([]time.Duration, 0, flushes)
	for range flushes {
		start := time.Now()
		if _, err := file.Write(block); err != nil {
			return 0, err
		}
		if err := file.Sync(); err != nil {
			return 0, err
		}
		times = append(times, time.Since(start))
	}
	return median(times), nil
}
