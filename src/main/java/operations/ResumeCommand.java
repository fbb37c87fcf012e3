package operations;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "resume",
        description = "Lets a site be called again, whoever paused it. Its events come within ten minutes, one after"
                + " another.")
final class ResumeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SITE", description = "The site's id; of a relay without a sites file: default.")
    private String site;

    @Override
    public Integer call() throws Exception {
        boolean wasPaused = new ManagementClient()
                .call("POST", "/sites/" + ManagementClient.encode(site) + "/resume")
                .path("changed")
                .asBoolean();
        System.out.println((wasPaused ? "resumed  " : "was not paused  ") + site);
        if (wasPaused) {
            System.out.println("its events come within ten minutes, one after another");
        }
        return 0;
    }
}
