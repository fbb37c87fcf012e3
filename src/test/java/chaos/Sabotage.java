package chaos;

/** Ways to break a promise on purpose, so that one can see that the harness notices. */
enum Sabotage {
    NONE,
    /** WordPress applies a result again that comes again. */
    FORGETFUL_SITE,
    /** PostgreSQL answers before a commit is on disk. */
    LAZY_DATABASE
}
