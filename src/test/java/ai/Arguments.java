package ai;

/** Options of the programs beside the tests: {@code --name value}. */
final class Arguments {

    private Arguments() {}

    static String value(String[] args, String name) {
        for (int i = 0; i + 1 < args.length; i++) {
            if (args[i].equals(name)) {
                return args[i + 1];
            }
        }
        throw new IllegalArgumentException("Missing: " + name);
    }
}
