package tracing;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The variables {@code OTEL_*} of OpenTelemetry, which its SDK understands by itself.
 *
 * @param variables those that are set, by their names
 * @param isOn whether there is somebody to send traces to
 */
public record TraceSettings(Map<String, String> variables, boolean isOn) {
    public static final TraceSettings OFF = new TraceSettings(Map.of(), false);

    /** As OpenTelemetry's specification has it; the Java SDK's own is grpc. */
    static final String PROTOCOL = "http/protobuf";

    private static final List<String> PROTOCOLS =
            List.of("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL");

    /** What the relay sends with speaks no gRPC, and the SDK would name a library that it lacks. */
    void check() {
        for (String name : PROTOCOLS) {
            String value = variables.getOrDefault(name, "").strip();
            if (!value.isEmpty() && !value.equals(PROTOCOL)) {
                throw new IllegalArgumentException(name + " is '" + value + "'; it should be " + PROTOCOL
                        + ", which receivers mostly take at port 4318");
            }
        }
    }

    /** As OpenTelemetry's Java SDK names them: {@code otel.service.name}. */
    Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>();
        variables.forEach(
                (name, value) -> properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value));
        return properties;
    }

    /** What must not be seen: the headers that traces are sent with have a key in them. */
    public Stream<String> secrets() {
        return variables.entrySet().stream()
                .filter(variable -> variable.getKey().endsWith("_HEADERS"))
                .flatMap(variable -> Arrays.stream(variable.getValue().split(",")))
                .map(header -> header.replaceFirst("^[^=]*=", "").strip())
                .filter(value -> !value.isEmpty());
    }

    /** Without the headers. */
    @Override
    public String toString() {
        return "TraceSettings[" + (isOn ? "on" : "off") + "]";
    }
}
