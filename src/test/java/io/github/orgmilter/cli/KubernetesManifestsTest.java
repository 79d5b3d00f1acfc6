package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The manifests against Kubernetes' own description of its resources: no cluster is at hand that would refuse them. */
@DisplayName("The Kubernetes manifest")
final class KubernetesManifestsTest {

    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "v1/ConfigMap", ConfigMap.class,
            "v1/Secret", Secret.class,
            "v1/Service", Service.class,
            "apps/v1/Deployment", Deployment.class,
            "apps/v1/StatefulSet", StatefulSet.class,
            "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class,
            "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class);

    private static final YAMLMapper MAPPER = YAMLMapper.builder()
            .annotationIntrospector(new OnlyFields())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    /** The model keeps fields that it does not know; here they are mistakes. */
    private static final class OnlyFields extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(MapperConfig<?> config, Annotated annotated) {
            return annotated.hasAnnotation(JsonAnySetter.class) ? Boolean.FALSE : null;
        }
    }

    private static List<HasMetadata> resources(String file) throws IOException {
        List<HasMetadata> resources = new ArrayList<>();
        for (String document : Files.readString(Path.of("src/kubernetes", file)).split("(?m)^---$")) {
            JsonNode node = MAPPER.readTree(document);
            if (node.isMissingNode()) {
                continue; // the comment at the top
            }
            String kind =
                    node.get("apiVersion").asString() + "/" + node.get("kind").asString();
            assertThat(KINDS).containsKey(kind);
            resources.add(MAPPER.treeToValue(node, KINDS.get(kind)));
        }
        return resources;
    }

    private static <T> List<T> of(Class<T> kind, List<HasMetadata> resources) {
        return resources.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static List<PodTemplateSpec> pods(List<HasMetadata> resources) {
        return Stream.concat(
                        of(Deployment.class, resources).stream()
                                .map(one -> one.getSpec().getTemplate()),
                        of(StatefulSet.class, resources).stream()
                                .map(one -> one.getSpec().getTemplate()))
                .toList();
    }

    @ParameterizedTest(name = "{0} has only fields that Kubernetes knows, of the right type")
    @ValueSource(strings = {"orgmilter.yaml", "orgmilter-directory.yaml"})
    void fields(String file) throws IOException {
        assertThat(resources(file))
                .hasSizeGreaterThan(2)
                .allSatisfy(
                        one -> assertThat(one.getMetadata().getName()).matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"));
    }

    @ParameterizedTest(name = "{0} would be noticed")
    @ValueSource(strings = {"spec: { replica: 2 }", "spec: { replicas: two }", "spec: { template: { specs: {} } }"})
    void mistakes(String yaml) {
        assertThatThrownBy(() -> MAPPER.readValue(yaml, Deployment.class)).isInstanceOf(JacksonException.class);
    }

    @ParameterizedTest(name = "{0} selects the pods that it makes")
    @ValueSource(strings = {"orgmilter.yaml", "orgmilter-directory.yaml"})
    void selectors(String file) throws IOException {
        List<HasMetadata> resources = resources(file);
        List<Map<String, String>> selectors = new ArrayList<>();
        of(Deployment.class, resources)
                .forEach(one -> selectors.add(one.getSpec().getSelector().getMatchLabels()));
        of(StatefulSet.class, resources)
                .forEach(one -> selectors.add(one.getSpec().getSelector().getMatchLabels()));
        of(Service.class, resources).forEach(one -> selectors.add(one.getSpec().getSelector()));
        of(PodDisruptionBudget.class, resources)
                .forEach(one -> selectors.add(one.getSpec().getSelector().getMatchLabels()));
        of(NetworkPolicy.class, resources)
                .forEach(one -> selectors.add(one.getSpec().getPodSelector().getMatchLabels()));
        List<PodTemplateSpec> pods = pods(resources);
        assertThat(pods).hasSize(1);
        Map<String, String> labels = pods.get(0).getMetadata().getLabels();
        assertThat(selectors)
                .hasSizeGreaterThan(1)
                .allSatisfy(selector -> assertThat(labels).containsAllEntriesOf(selector));
    }

    @ParameterizedTest(name = "{0} mounts volumes that it has, and leads to ports that it names")
    @ValueSource(strings = {"orgmilter.yaml", "orgmilter-directory.yaml"})
    void names(String file) throws IOException {
        List<HasMetadata> resources = resources(file);
        List<Volume> volumes = pods(resources).get(0).getSpec().getVolumes();
        List<String> names =
                new ArrayList<>(volumes.stream().map(Volume::getName).toList());
        for (StatefulSet one : of(StatefulSet.class, resources)) {
            for (PersistentVolumeClaim claim : one.getSpec().getVolumeClaimTemplates()) {
                names.add(claim.getMetadata().getName());
            }
        }
        List<Container> containers =
                new ArrayList<>(pods(resources).get(0).getSpec().getContainers());
        containers.addAll(pods(resources).get(0).getSpec().getInitContainers());
        assertThat(names).doesNotHaveDuplicates();
        assertThat(containers.stream()
                        .flatMap(one -> one.getVolumeMounts().stream())
                        .map(VolumeMount::getName)
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(names);
        List<String> maps = of(ConfigMap.class, resources).stream()
                .map(one -> one.getMetadata().getName())
                .toList();
        assertThat(volumes.stream()
                        .filter(one -> one.getConfigMap() != null)
                        .map(one -> one.getConfigMap().getName()))
                .allMatch(maps::contains);
        List<String> ports = containers.stream()
                .flatMap(one -> one.getPorts().stream())
                .map(ContainerPort::getName)
                .toList();
        assertThat(of(Service.class, resources).stream()
                        .flatMap(one -> one.getSpec().getPorts().stream())
                        .map(ServicePort::getTargetPort)
                        .map(port -> port.getValue().toString()))
                .allMatch(ports::contains);
    }
}
