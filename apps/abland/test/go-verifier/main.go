// Verifies a served log with golang.org/x/mod/sumdb/note and tlog: checkpoint, all leaves, inclusion and consistency.
package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func get(url string) []byte {
	response, err := http.Get(url)
	check(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	check(err)
	if response.StatusCode != 200 {
		check(fmt.Errorf("%s: %s", url, response.Status))
	}
	return body
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type reader struct{ base string }

func (reader) Height() int { return 8 }

// C2SP tlog-tiles leave the height out of the path that sumdb has in it.
func (r reader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		data[i] = get(r.base + "/" + strings.Replace(tile.Path(), "tile/8/", "tile/", 1))
	}
	return data, nil
}
func (reader) SaveTiles([]tlog.Tile, [][]byte) {}

func entries(base string, size int64) [][]byte {
	var all [][]byte
	for n := int64(0); n*256 < size; n++ {
		width := min(256, size-n*256)
		path := tlog.Tile{H: 8, L: 0, N: n, W: int(width)}.Path()
		bundle := get(base + "/" + strings.Replace(path, "tile/8/0/", "tile/entries/", 1))
		for len(bundle) > 0 {
			length := int(binary.BigEndian.Uint16(bundle))
			all = append(all, bundle[2:2+length])
			bundle = bundle[2+length:]
		}
	}
	return all
}

func main() {
	base := os.Args[1]
	verifiers := []note.Verifier{}
	for _, line := range strings.Fields(string(get(base + "/verifier-key"))) {
		verifier, err := note.NewVerifier(line)
		check(err)
		verifiers = append(verifiers, verifier)
	}
	opened, err := note.Open(get(base+"/checkpoint"), note.VerifierList(verifiers...))
	check(err)
	var origin, root string
	var size int64
	_, err = fmt.Sscanf(opened.Text, "%s\n%d\n%s\n", &origin, &size, &root)
	check(err)
	hash, err := tlog.ParseHash(root)
	check(err)
	hashes := tlog.TileHashReader(tlog.Tree{N: size, Hash: hash}, reader{base})
	leaves := entries(base, size)
	if int64(len(leaves)) != size {
		check(fmt.Errorf("%d entries in a tree of %d", len(leaves), size))
	}
	for index, leaf := range leaves {
		proof, err := tlog.ProveRecord(size, int64(index), hashes)
		check(err)
		check(tlog.CheckRecord(proof, size, hash, int64(index), tlog.RecordHash(leaf)))
	}
	for older := int64(1); older < size; older += 1 + older/3 {
		was, err := tlog.TreeHash(older, hashes)
		check(err)
		proof, err := tlog.ProveTree(size, older, hashes)
		check(err)
		check(tlog.CheckTree(proof, size, hash, older, was))
	}
	fmt.Printf("%s: %d entries, signed by %d keys, root %s\n", origin, size, len(opened.Sigs), root)
}
