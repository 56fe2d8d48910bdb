package luahooks

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/internal/filter"
)

// loaders are the variables, or patterns of them, by which a program is told
// what code to load or run, or where to look for it. No script may set one:
// an allow-list of programs would be worth nothing.
var loaders = []string{
	"LD_*", "DYLD_*", "GLIBC_TUNABLES", "GCONV_PATH", "LOCPATH", "NLSPATH", "MALLOC_*", "HOSTALIASES", "TMPDIR", // ld.so, libc
	"PATH", "HOME", "XDG_*", "TERMINFO*", "EDITOR", "VISUAL", "PAGER", "MANPAGER", "BROWSER", "LESSOPEN", "LESSCLOSE", // programs and their files
	"ENV", "BASH_*", "SHELLOPTS", "BASHOPTS", "IFS", "PS4", "PROMPT_COMMAND", "ZDOTDIR", "CDPATH", "SHELL", // shells
	"PYTHON*", "PERL*", "RUBY*", "GEM_*", "NODE_*", "NPM_*", "LUA_*", "PHP*", "TCL*", "GUILE_*", "R_*", "JULIA_*", // interpreters
	"JAVA_*", "_JAVA_*", "JDK_*", "CLASSPATH", "DOTNET_*", "COR*_PROFILER*", "ERL_*", "GODEBUG",
	"GIT_*", "SSH_*", "OPENSSL_*", "SSL_*", "KRB5*", "CURL_*", "WGETRC", "SYSTEMD_*", "GTK_*", "QT_*", "GIO_*", "DBUS_*", // programs that run others
}

// loader returns the entry of loaders that a variable is one of, empty for none.
func loader(name string) string {
	upper := strings.ToUpper(name)
	for _, pattern := range loaders {
		if filter.Glob(pattern, upper) {
			return pattern
		}
	}
	return ""
}

// variablePattern is a name of allow_env, perhaps with '*' for any text.
var variablePattern = regexp.MustCompile(`^[A-Za-z_*][A-Za-z0-9_*]*$`)

// CheckAllowEnv refuses what Config.AllowEnv may not name.
func CheckAllowEnv(names []string) error {
	for _, name := range names {
		if !variablePattern.MatchString(name) || strings.Trim(name, "*") == "" {
			return fmt.Errorf(`allow_env: %q, want a variable's name such as "PAGER_TOKEN" or "SITE_*"`, name)
		}
		if pattern := loader(name); pattern != "" {
			return fmt.Errorf("allow_env: %s is one of the variables (%s) that make a program load or run code, and cannot be allowed", name, pattern)
		}
	}
	return nil
}

// checkEnv refuses a variable that a script may not set.
func checkEnv(name string, allowed []string) error {
	if pattern := loader(name); pattern != "" {
		return fmt.Errorf("%s is one of the variables (%s) that make a program load or run code, and cannot be set", name, pattern)
	}
	if !slices.ContainsFunc(allowed, func(a string) bool { return filter.Glob(a, name) }) {
		return fmt.Errorf("%s is not in allow_env (%s)", name, cmp.Or(choices.Join(allowed), "it is empty"))
	}
	return nil
}
