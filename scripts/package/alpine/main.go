// Command alpine installs Alpine's packages with a reader of their format that is
// not the one that wrote them; apk itself is not in Debian.
//
//	alpine ROOT PACKAGE [NEWER]
//
// It installs PACKAGE below ROOT, where it leaves apk's database, and prints its
// version and that of NEWER, which has to be one to which apk would upgrade it.
package main

import (
	"archive/tar"
	"context"
	"encoding/hex"
	"fmt"
	"os"

	"github.com/chainguard-dev/go-apk/pkg/apk"
	"github.com/chainguard-dev/go-apk/pkg/expandapk"
	apkfs "github.com/chainguard-dev/go-apk/pkg/fs"
)

// file is a package that is a local file.
type file struct {
	*apk.Package
	path string
}

func (f file) URL() string         { return f.path }
func (f file) PackageName() string { return f.Name }

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "alpine:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) < 2 || len(args) > 3 {
		return fmt.Errorf("usage: alpine ROOT PACKAGE [NEWER]")
	}
	root := args[0]
	var packages []file
	for _, path := range args[1:] {
		p, err := read(ctx, path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		packages = append(packages, p)
		fmt.Println(p.Version)
	}
	if len(packages) == 2 {
		if err := rises(packages[0].Version, packages[1].Version); err != nil {
			return err
		}
	}
	return install(ctx, root, packages[0])
}

// read returns what a package says of itself. The hash of its files has to be the
// one that it names.
func read(ctx context.Context, path string) (file, error) {
	f, err := os.Open(path)
	if err != nil {
		return file{}, err
	}
	defer f.Close()
	p, err := apk.ParsePackage(ctx, f)
	if err != nil {
		return file{}, err
	}
	if _, err := f.Seek(0, 0); err != nil {
		return file{}, err
	}
	parts, err := expandapk.ExpandApk(ctx, f, "")
	if err != nil {
		return file{}, err
	}
	defer parts.Close()
	if have := hex.EncodeToString(parts.PackageHash); have != p.DataHash {
		return file{}, fmt.Errorf("datahash is %s, that of the files %s", p.DataHash, have)
	}
	return file{p, path}, nil
}

// rises reports an error where apk would not take the second for newer.
func rises(old, newer string) error {
	a, err := apk.ParseVersion(old)
	if err != nil {
		return err
	}
	b, err := apk.ParseVersion(newer)
	if err != nil {
		return err
	}
	if apk.CompareVersions(b, a) <= 0 {
		return fmt.Errorf("%s is not newer than %s", newer, old)
	}
	return nil
}

func install(ctx context.Context, root string, p file) error {
	a, err := apk.New(apk.WithFS(apkfs.DirFS(root, apkfs.WithCreateDir())), apk.WithArch(p.Arch), apk.WithIgnoreMknodErrors(true))
	if err != nil {
		return err
	}
	if err := a.InitDB(ctx); err != nil {
		return err
	}
	if err := a.InstallPackages(ctx, nil, []apk.InstallablePackage{p}); err != nil {
		return err
	}
	installed, err := a.GetInstalled()
	if err != nil {
		return err
	}
	for _, have := range installed {
		files := 0
		for _, h := range have.Files {
			if h.Typeflag != tar.TypeDir {
				files++
			}
		}
		fmt.Fprintf(os.Stderr, "%s %s: %d files\n", have.Name, have.Version, files)
	}
	return nil
}
