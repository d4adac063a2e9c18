package internal_test

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// importGraph holds, for each folder, the folders of this module that its product files import.
func importGraph(folders []*folder) map[string][]string {
	graph := map[string][]string{}
	for _, d := range folders {
		to := map[string]bool{}
		for _, f := range d.files {
			if f.test {
				continue
			}
			for _, p := range f.imports() {
				if own, ok := ownImport(p); ok {
					to[own] = true
				}
			}
		}
		graph[d.path] = slices.Sorted(maps.Keys(to))
	}
	return graph
}

func checkImportChain(folders []*folder) []finding {
	graph := importGraph(folders)
	known := map[string][]string{}
	var longest []string
	for _, from := range slices.Sorted(maps.Keys(graph)) {
		if first, _, _ := strings.Cut(from, "/"); first != "cmd" && first != "internal" {
			continue
		}
		if chain := longestChain(graph, from, known); len(chain) > len(longest) {
			longest = chain
		}
	}
	if imports := len(longest) - 1; imports > maxImportChain {
		return []finding{{longest[0], fmt.Sprintf("the import chain %s has %d imports, at most %d are allowed: move the shared noun inwards or ask through a small interface", strings.Join(longest, " → "), imports, maxImportChain)}}
	}
	return nil
}

func longestChain(graph map[string][]string, from string, known map[string][]string) []string {
	if chain, ok := known[from]; ok {
		return chain
	}
	var longest []string
	for _, to := range graph[from] {
		if chain := longestChain(graph, to, known); len(chain) > len(longest) {
			longest = chain
		}
	}
	known[from] = append([]string{from}, longest...)
	return known[from]
}

func checkImportCount(folders []*folder) []finding {
	var found []finding
	for from, imports := range importGraph(folders) {
		room, _ := roomOf(from)
		if !within(from, "internal") || slices.Contains([]string{"server", "demo", "api", "manifest"}, room) {
			continue
		}
		count := 0
		for _, to := range imports {
			if to, _ := roomOf(to); rooms[to].ring > 0 {
				count++
			}
		}
		if count > maxInternalImports {
			found = append(found, finding{from, fmt.Sprintf("imports %d rooms above ring 0, at most %d are allowed: %s", count, maxInternalImports, packageDoesTooMuch)})
		}
	}
	return found
}

// codeSize counts lines of code under internal/: of the product by folder, and of
// the tests. storetest is the suite of both databases, and so a test.
func codeSize(folders []*folder) (product map[string]int, tests int) {
	product = map[string]int{}
	for _, d := range folders {
		if !within(d.path, "internal") {
			continue
		}
		for _, f := range d.written() {
			if f.test || within(d.path, "internal/store/storetest") {
				tests += f.codeLines
			} else {
				product[d.path] += f.codeLines
			}
		}
	}
	return product, tests
}

func sum(counts map[string]int) int {
	total := 0
	for _, n := range counts {
		total += n
	}
	return total
}

func checkTestRatio(folders []*folder) []finding {
	product, tests := codeSize(folders)
	code := sum(product)
	if code <= ratioFromLines || float64(tests) >= minTestRatio*float64(code) {
		return nil
	}
	return []finding{{"internal", fmt.Sprintf("%d lines of tests for %d lines of code are %.2f to 1, at least %.2f are wanted: test the rooms with the least", tests, code, float64(tests)/float64(code), minTestRatio)}}
}

func checkShare(folders []*folder) []finding {
	product, _ := codeSize(folders)
	code := sum(product)
	if code < shareFromLines {
		return nil
	}
	var found []finding
	for _, dir := range slices.Sorted(maps.Keys(product)) {
		limit := maxPackageShare
		if path.Base(dir) == "store" {
			limit = maxStoreShare
		}
		if share := float64(product[dir]) / float64(code); share > limit {
			found = append(found, finding{dir, fmt.Sprintf("holds %.0f %% of the code, at most %.0f %% are allowed: %s", 100*share, 100*limit, packageDoesTooMuch)})
		}
	}
	return found
}
