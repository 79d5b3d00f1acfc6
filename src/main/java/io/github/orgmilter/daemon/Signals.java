package io.github.orgmilter.daemon;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JDK's own signal handling (module jdk.unsupported): there is no other. It is reached by reflection, because the compiler's
 * warning about it cannot be switched off.
 */
public final class Signals {

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /** Runs the task at each SIGHUP, on a thread of its own. */
    public static void onHangup(Runnable task) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object running = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            task.run();
                        }
                        return null;
                    });
            Object previous = signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), running);
            if (handler.getField("SIG_IGN").get(null) == previous) { // and then the JVM leaves it so
                LOG.warn("SIGHUP will not reload: the process was started with it ignored, as by nohup");
            }
        } catch (ReflectiveOperationException e) {
            LOG.warn("SIGHUP will not reload: {}", e.toString());
        }
    }
}
