// Package schema holds the Kubernetes manifests to the types of the API. It is a
// module of its own, so that nobody who builds the plugin needs these.
package schema

import (
	"testing"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// TestManifestsAreOfTheAPIsTypes builds the kustomization and decodes each
// object strictly: an unknown or misplaced key is an error.
func TestManifestsAreOfTheAPIsTypes(t *testing.T) {
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), "../kubernetes")
	require.NoError(t, err)

	var set appsv1.DaemonSet
	var configuration corev1.ConfigMap
	kinds := map[string]any{"Namespace": &corev1.Namespace{}, "ConfigMap": &configuration, "DaemonSet": &set}
	require.Equal(t, len(kinds), built.Size())
	for _, r := range built.Resources() {
		text, err := r.AsYAML()
		require.NoError(t, err)
		require.Contains(t, kinds, r.GetKind())
		require.NoError(t, yaml.UnmarshalStrict(text, kinds[r.GetKind()], yaml.DisallowUnknownFields), "%s", text)
	}
	requireHarmless(t, &set)
	pod := set.Spec.Template.Spec
	require.Equal(t, configuration.Name, pod.Volumes[0].ConfigMap.Name)
	require.Contains(t, configuration.Data, "rtnetlink.conf")
}

// requireHarmless wants what the manifest promises: the node's network, and no
// privilege but that.
func requireHarmless(t *testing.T, set *appsv1.DaemonSet) {
	t.Helper()
	pod := set.Spec.Template.Spec
	require.True(t, pod.HostNetwork)
	require.False(t, pod.HostPID)
	require.True(t, *pod.SecurityContext.RunAsNonRoot)
	require.False(t, *pod.AutomountServiceAccountToken)
	require.Len(t, pod.Containers, 1)
	security := pod.Containers[0].SecurityContext
	require.False(t, *security.AllowPrivilegeEscalation)
	require.True(t, *security.ReadOnlyRootFilesystem)
	require.Equal(t, []corev1.Capability{"ALL"}, security.Capabilities.Drop)
	require.Empty(t, security.Capabilities.Add)
	require.Equal(t, set.Spec.Selector.MatchLabels, set.Spec.Template.Labels)
}
