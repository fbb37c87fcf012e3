package deployment;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The manifests have no field that Kubernetes does not have, and fit together and to the relay's settings. */
class KubernetesManifestsTest {
    private static final Path DIRECTORY = Path.of("docker", "kubernetes");
    private static final Map<String, Class<?>> KINDS = Map.of(
            "v1/Namespace", Namespace.class,
            "v1/ConfigMap", ConfigMap.class,
            "v1/Secret", Secret.class,
            "v1/Service", Service.class,
            "apps/v1/Deployment", Deployment.class,
            "autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class,
            "networking.k8s.io/v1/Ingress", Ingress.class,
            "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class,
            "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class);
    /** Read by kustomize and by prometheus-adapter. */
    private static final Set<String> OF_OTHERS = Set.of("kustomization.yaml", "prometheus-adapter.yaml");

    private static final ObjectMapper STRICT = new YAMLMapper(new YAMLFactory())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .setAnnotationIntrospector(new NoOtherFields());

    /** The classes would keep what they do not know, as a client has to that is older than its server. */
    private static final class NoOtherFields extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }

    private static Object read(String file) throws IOException {
        Path path = DIRECTORY.resolve(file);
        JsonNode tree = STRICT.readTree(path.toFile());
        String kind = tree.path("apiVersion").asText() + "/" + tree.path("kind").asText();
        assertTrue(KINDS.containsKey(kind), file + " is a " + kind);
        return STRICT.readValue(path.toFile(), KINDS.get(kind));
    }

    private static List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> !OF_OTHERS.contains(file))
                    .toList();
        }
    }

    private static PodSpec pod() throws IOException {
        return ((Deployment) read("deployment.yaml")).getSpec().getTemplate().getSpec();
    }

    private static Container relay() throws IOException {
        return pod().getContainers().get(0);
    }

    @Test
    void each_manifest_has_only_fields_that_kubernetes_has() throws IOException {
        assertAll(files().stream().map(file -> () -> read(file)));
    }

    @Test
    void a_field_that_kubernetes_does_not_have_is_found() {
        assertTrue(assertThrows(
                        IOException.class,
                        () -> STRICT.readValue("spec: { template: { spec: { container: [] } } }", Deployment.class))
                .getMessage()
                .contains("container"));
    }

    @Test
    void all_but_the_secret_are_applied() throws IOException {
        JsonNode resources = STRICT.readTree(
                        DIRECTORY.resolve("kustomization.yaml").toFile())
                .path("resources");
        Set<String> applied = new TreeSet<>();
        resources.forEach(file -> applied.add(file.asText()));
        Set<String> there = new TreeSet<>(files());
        there.remove("secret.example.yaml");
        assertEquals(there, applied);
    }

    @Test
    void all_that_select_the_relay_select_the_pods_of_the_deployment() throws IOException {
        Deployment deployment = (Deployment) read("deployment.yaml");
        Map<String, String> labels =
                deployment.getSpec().getTemplate().getMetadata().getLabels();
        assertEquals(labels, deployment.getSpec().getSelector().getMatchLabels());
        assertEquals(labels, ((Service) read("service.yaml")).getSpec().getSelector());
        assertEquals(
                labels,
                ((NetworkPolicy) read("network-policy.yaml"))
                        .getSpec()
                        .getPodSelector()
                        .getMatchLabels());
        assertEquals(
                labels,
                ((PodDisruptionBudget) read("disruption-budget.yaml"))
                        .getSpec()
                        .getSelector()
                        .getMatchLabels());
        assertEquals(
                deployment.getMetadata().getName(),
                ((HorizontalPodAutoscaler) read("autoscaler.yaml"))
                        .getSpec()
                        .getScaleTargetRef()
                        .getName());
    }

    @Test
    void the_pods_run_where_security_is_restricted() throws IOException {
        PodSpec pod = pod();
        assertTrue(pod.getSecurityContext().getRunAsNonRoot());
        assertEquals(
                "RuntimeDefault", pod.getSecurityContext().getSeccompProfile().getType());
        assertFalse(pod.getAutomountServiceAccountToken());
        assertFalse(relay().getSecurityContext().getAllowPrivilegeEscalation());
        assertTrue(relay().getSecurityContext().getReadOnlyRootFilesystem());
        assertEquals(
                List.of("ALL"), relay().getSecurityContext().getCapabilities().getDrop());
    }

    @Test
    void the_probes_ask_a_port_that_the_container_names() throws IOException {
        Set<String> ports =
                relay().getPorts().stream().map(port -> port.getName()).collect(Collectors.toSet());
        for (Probe probe :
                List.of(relay().getStartupProbe(), relay().getLivenessProbe(), relay().getReadinessProbe())) {
            assertTrue(ports.contains(probe.getHttpGet().getPort().getStrVal()));
        }
    }

    @Test
    void each_setting_is_one_of_the_relays_and_each_file_one_of_the_secret() throws IOException {
        Properties known = new Properties();
        try (var file = getClass().getResourceAsStream("/application.properties")) {
            known.load(file);
        }
        Set<String> secrets =
                ((Secret) read("secret.example.yaml")).getStringData().keySet();
        ((ConfigMap) read("configmap.yaml")).getData().forEach((variable, value) -> {
            boolean isFile = variable.endsWith("_FILE");
            String property = variable.replaceFirst("_FILE$", "").toLowerCase().replace('_', '.');
            assertTrue(known.containsKey(property), variable);
            if (isFile) {
                assertTrue(secrets.contains(Path.of(value).getFileName().toString()), variable);
            }
        });
    }

    @Test
    void it_is_given_more_time_to_stop_than_it_may_take() throws IOException {
        Properties known = new Properties();
        try (var file = getClass().getResourceAsStream("/application.properties")) {
            known.load(file);
        }
        int wait = Integer.parseInt(
                relay().getLifecycle().getPreStop().getExec().getCommand().get(1));
        int stop = Integer.parseInt(known.getProperty("camel.main.shutdownTimeout"));
        assertTrue(pod().getTerminationGracePeriodSeconds() > wait + stop);
    }

    @Test
    void the_autoscaler_follows_the_metric_that_the_adapter_offers() throws IOException {
        JsonNode adapter =
                STRICT.readTree(DIRECTORY.resolve("prometheus-adapter.yaml").toFile());
        String offered = adapter.at("/rules/external/0/name/matches").asText();
        assertEquals(
                offered,
                ((HorizontalPodAutoscaler) read("autoscaler.yaml"))
                        .getSpec()
                        .getMetrics()
                        .get(0)
                        .getExternal()
                        .getMetric()
                        .getName());
    }
}
