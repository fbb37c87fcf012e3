package ai;

import automations.AutomationsDirectory;
import automations.LastGood;
import automations.Source;
import events.HeldBack;
import events.PermanentFailure;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tasks that an AI can be given: of each of its two files the one in {@code RELAY_AUTOMATIONS_DIR}, or else the one
 * on the class path.
 */
public final class TaskCatalog {
    private final Map<String, TaskFiles> bundled = new ConcurrentHashMap<>();
    private final LastGood<Own, TaskFiles> own =
            new LastGood<>(task -> "the task " + task, LastGood.WAITS, TaskCatalog::read);

    /** What the directory has of a task; one of both may be null. */
    private record Own(Source prompt, Source schema) {}

    /**
     * @throws PermanentFailure when the name cannot be one of a task, or there is none of that name
     * @throws HeldBack when its files were broken at the start and are not mended yet
     */
    TaskFiles of(String task) {
        if (!TaskFiles.isName(task)) {
            throw new PermanentFailure("Not the name of a task (header RelayAiTask): " + task);
        }
        own.check(task);
        return own.find(task).orElseGet(() -> bundled.computeIfAbsent(task, TaskCatalog::bundled));
    }

    /**
     * Takes those of {@code RELAY_AUTOMATIONS_DIR}.
     *
     * @param files by their names, such as {@code prompts/thank_buyer.md}
     * @param isStart whether the relay starts with them
     */
    public void replaceOwn(Map<String, Source> files, boolean isStart) {
        Map<String, Own> tasks = new TreeMap<>();
        files.keySet().stream()
                .map(TaskCatalog::task)
                .forEach(task -> tasks.put(
                        task, new Own(files.get(TaskFiles.promptFile(task)), files.get(TaskFiles.schemaFile(task)))));
        own.replace(tasks, isStart);
    }

    private static String task(String file) {
        return file.startsWith(AutomationsDirectory.PROMPTS)
                ? file.substring(AutomationsDirectory.PROMPTS.length(), file.length() - ".md".length())
                : file.substring(AutomationsDirectory.TASK_SCHEMAS.length(), file.length() - ".json".length());
    }

    private static TaskFiles read(String task, Own own) throws IOException {
        if (!TaskFiles.isName(task)) {
            throw new IOException("'" + task + "' is no name of a task: lower-case letters, digits and _");
        }
        return TaskFiles.parse(
                task, text(own.prompt(), TaskFiles.promptFile(task)), text(own.schema(), TaskFiles.schemaFile(task)));
    }

    private static String text(Source source, String file) throws IOException {
        if (source == null) {
            return Resource.find("/" + file)
                    .orElseThrow(() -> new IOException(file + " is missing; a task has a prompt and a schema"));
        }
        if (source.problem() != null) {
            throw new IOException(file + ": " + source.problem());
        }
        return source.text();
    }

    private static TaskFiles bundled(String task) {
        Optional<String> prompt = Resource.find("/" + TaskFiles.promptFile(task));
        if (prompt.isEmpty()) {
            throw new PermanentFailure("there is no task '" + task + "' (header RelayAiTask): "
                    + TaskFiles.promptFile(task) + " is neither in RELAY_AUTOMATIONS_DIR nor a part of the relay");
        }
        try {
            return TaskFiles.parse(task, prompt.get(), Resource.text("/" + TaskFiles.schemaFile(task)));
        } catch (IOException e) {
            throw new PermanentFailure(e.getMessage());
        }
    }
}
