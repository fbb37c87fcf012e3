package operations;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "pause",
        description = "Pauses the call-backs to a site: its events wait, and use up no retry, until a time or until"
                + " bin/relay resume.")
final class PauseCommand implements Callable<Integer> {
    private static final int INDENT = 9;

    @Parameters(paramLabel = "SITE", description = "The site's id; of a relay without a sites file: default.")
    private String site;

    @Option(names = "--until", description = "Such as 2026-01-31T09:30:00Z, or for how long, such as 30m, 2h or 1d.")
    private String until;

    @Option(names = "--reason", description = "What whoever looks at a waiting event is told.")
    private String reason;

    @Override
    public Integer call() throws Exception {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("until", until);
        parameters.put("reason", reason);
        JsonNode answer = new ManagementClient()
                .call(
                        "POST",
                        "/sites/" + ManagementClient.encode(site) + "/pause" + ManagementClient.query(parameters));
        System.out.println("paused   " + site);
        answer.path("pauses").forEach(this::print);
        return 0;
    }

    private void print(JsonNode pause) {
        if (pause.path("site").asText().equals(site)) {
            String until = pause.path("paused_until").asText(null);
            System.out.println(TerminalText.wrapped(
                    "until    ",
                    until == null ? "somebody resumes it: bin/relay resume " + site : TerminalText.second(until),
                    INDENT));
            System.out.println(
                    TerminalText.wrapped("reason   ", pause.path("reason").asText(), INDENT));
            System.out.println("meanwhile its events are recorded, wait, and use up no retry");
        }
    }
}
