package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of processor times in /proc: Linux shows 100 a second to
// user space on every architecture that Go runs on (proc(5), sysconf(3)).
const tick = 10 * time.Millisecond

var errProc = errors.New("a file of /proc reads unlike proc(5)")

// procStat is what matters here of /proc/PID/stat.
type procStat struct {
	parent int
	own    time.Duration // user and system time of the process itself
	reaped time.Duration // the same of its children that ended and were waited for
}

// parseStat reads the text of /proc/PID/stat. The second field is the name of
// the program in parentheses, which may itself hold blanks and parentheses, so
// fields are counted from the last closing one.
func parseStat(text string) (procStat, error) {
	end := strings.LastIndexByte(text, ')')
	if end < 0 {
		return procStat{}, errProc
	}
	// fields[0] is field 3 of the manual, the state.
	fields := strings.Fields(text[end+1:])
	if len(fields) < 15 {
		return procStat{}, errProc
	}
	parent, err := strconv.Atoi(fields[1])
	if err != nil {
		return procStat{}, errProc
	}
	var ticks [4]int64 // utime, stime, cutime, cstime: fields 14 to 17
	for i := range ticks {
		if ticks[i], err = strconv.ParseInt(fields[11+i], 10, 64); err != nil {
			return procStat{}, errProc
		}
	}
	return procStat{parent: parent, own: time.Duration(ticks[0]+ticks[1]) * tick, reaped: time.Duration(ticks[2]+ticks[3]) * tick}, nil
}

// parseStatus returns a size in bytes from the text of /proc/PID/status, such
// as that of VmRSS.
func parseStatus(text, name string) (int64, error) {
	for line := range strings.Lines(text) {
		value, ok := strings.CutPrefix(line, name+":")
		if !ok {
			continue
		}
		kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		if err != nil {
			return 0, errProc
		}
		return kib << 10, nil
	}
	return 0, errProc
}

// proc is the file system of processes; root is "/proc" but in tests.
type proc struct{ root string }

func (p proc) stat(pid int) (procStat, error) {
	text, err := os.ReadFile(filepath.Join(p.root, strconv.Itoa(pid), "stat"))
	if err != nil {
		return procStat{}, fmt.Errorf("processor time of a process: %w", err)
	}
	return parseStat(string(text))
}

// resident is the memory of a process that is in use now.
func (p proc) resident(pid int) (int64, error) {
	text, err := os.ReadFile(filepath.Join(p.root, strconv.Itoa(pid), "status"))
	if err != nil {
		return 0, fmt.Errorf("memory of a process: %w", err)
	}
	return parseStatus(string(text), "VmRSS")
}

// family is the processor time of a process and its children. A child that
// ends meanwhile moves into the reaped time of its parent and is not lost.
func (p proc) family(pid int) (time.Duration, error) {
	head, err := p.stat(pid)
	if err != nil {
		return 0, err
	}
	sum := head.own + head.reaped
	stats, err := filepath.Glob(filepath.Join(p.root, "[0-9]*", "stat"))
	if err != nil {
		return 0, err
	}
	for _, name := range stats {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // it ended between the list and the reading
		}
		if s, err := parseStat(string(text)); err == nil && s.parent == pid {
			sum += s.own + s.reaped
		}
	}
	return sum, nil
}

// usage is processor time since the start of the processes.
type usage struct{ server, database time.Duration }

func (u usage) minus(v usage) usage { return usage{u.server - v.server, u.database - v.database} }

// meter reads what servers and their database use. Without a database of its
// own process postmaster is 0.
type meter struct {
	proc       proc
	servers    []int
	postmaster int
}

func (m meter) read() (u usage, err error) {
	for _, pid := range m.servers {
		s, err := m.proc.stat(pid)
		if err != nil {
			return u, err
		}
		u.server += s.own
	}
	if m.postmaster != 0 {
		u.database, err = m.proc.family(m.postmaster)
	}
	return u, err
}
