package pages;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import statistics.SiteStates.SiteState;

/**
 * How a site is, in words: what is to be looked at, and what to do.
 *
 * @param anchor the id of its row on the overview
 */
public record SiteRow(SiteState site, String anchor) {
    /** What should be looked at, with where that is: its row, unless a list of events says more. */
    List<Map.Entry<String, String>> worries() {
        List<Map.Entry<String, String>> worries = new ArrayList<>();
        String row = "#" + anchor;
        if (site.isSilent()) {
            worries.add(Map.entry(site.site() + " has been silent for " + silence(), row));
        }
        if (site.pausedSince() != null) {
            String what = site.isPausedByHand()
                    ? " is paused by an operator, and its events wait"
                    : " does not take what is brought to it";
            worries.add(Map.entry(site.site() + what, row));
        }
        if (site.takesNothing() && site.pausedSince() == null) {
            worries.add(Map.entry(
                    "Nothing of " + site.site() + " gets done: " + ReplayPlan.events(site.waitingLater())
                            + " failed for now, to be tried again later",
                    "/events?status=queued&site=" + Filter.encode(site.site())));
        }
        if (site.missing() > 0) {
            worries.add(Map.entry(ReplayPlan.events(site.missing()) + " of " + site.site() + haveNotCome(), row));
        }
        return worries;
    }

    /** What stands below its name: what is the matter and what to do, of what nothing else on the page leads to. */
    public List<String> advice() {
        List<String> advice = new ArrayList<>();
        if (site.isSilent()) {
            advice.add("Silent for " + silence()
                    + ", also when it was asked. Is its WordPress up, and the plugin active? There, "
                    + "Settings → AI Relay → Check the connection says what is wrong.");
        }
        if (site.missing() > 0) {
            advice.add(ReplayPlan.events(site.missing()) + haveNotCome() + " though the plugin has numbered "
                    + (site.missing() == 1 ? "it" : "them")
                    + ". The relay asks the site for what is missing; if that stays so, "
                    + "see Settings → AI Relay → Log there, and whether a firewall stands in between.");
        }
        return advice;
    }

    private String haveNotCome() {
        return (site.missing() == 1 ? " has" : " have") + " not come";
    }

    private String silence() {
        return Times.span(Duration.ofSeconds(site.silentSeconds()));
    }

    /** As a shape and a word: what is worst. */
    public Map.Entry<String, String> state() {
        if (site.pausedSince() != null) {
            return site.isPausedByHand() ? Map.entry("busy", "paused by hand") : Map.entry("bad", "paused");
        }
        if (site.isSilent()) {
            return Map.entry("bad", "silent");
        }
        if (site.takesNothing()) {
            return Map.entry("bad", "nothing gets done");
        }
        if (site.missing() > 0) {
            return Map.entry("busy", OverviewView.number(site.missing()) + " missing");
        }
        return site.dead() > 0 ? Map.entry("busy", "failures") : Map.entry("good", "well");
    }
}
