package dev.linnet.oracle.probe;

import java.util.List;
import java.util.function.Consumer;

public class ProbeMain {
    public static void main(String[] a) throws Exception {
        Consumer<Calls> p = c -> {
            try {
                Class.forName("dev.linnet.oracle.probe." + a[0]).getDeclaredMethod(a.length > 1 ? a[1] : "run", Calls.class).invoke(null, c);
            } catch (java.lang.reflect.InvocationTargetException e) { e.getCause().printStackTrace(); c.say("EXC " + e.getCause()); }
            catch (ReflectiveOperationException e) { throw new IllegalStateException(e); }
        };
        List<String> d = Probes.differences(p);
        for (String s : d) {
            String[] two = s.split("\n");
            String[] h = two[0].substring(7).split(" "), l = two[1].substring(7).split(" ");
            if (h.length > 40 && h.length == l.length) {
                StringBuilder b = new StringBuilder(h[0] + " " + h[1] + " " + h[2]);
                int n = 0;
                for (int i = 3; i < h.length; i++) if (!h[i].equals(l[i]) && n++ < 6) b.append(" ").append(h[i]).append("<>").append(l[i].replaceAll(".*=", ""));
                System.out.println(b + " (" + n + ")");
            } else {
                String[] hs = two[0].substring(7).split(" \\| "), ls = two[1].substring(7).split(" \\| ");
                StringBuilder b = new StringBuilder();
                int n = 0;
                for (int i = 0; i < Math.max(hs.length, ls.length); i++) { String x = i < hs.length ? hs[i] : "-", y = i < ls.length ? ls[i] : "-"; if (!x.equals(y) && n++ < 2) b.append("  @" + i + " {" + x + "} <> {" + y + "}"); }
                System.out.println(hs[0].split(": ")[0] + b + (n > 2 ? " +" + (n - 2) : ""));
            }
        }
        System.out.println(d.size() + " differences");
        System.exit(0);
    }
}
