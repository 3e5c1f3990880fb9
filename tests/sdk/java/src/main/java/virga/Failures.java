package virga;

/** Calls that must fail. */
final class Failures {
    private Failures() {}

    /** What `call` threw, which must be of that type. */
    static <E extends Exception> E failure(Class<E> type, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            return type.cast(e);
        }
        throw new AssertionError("it did not fail");
    }
}
