// The same measurement of event-ruler: events a second of one thread's processor time.
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.event.ruler.Machine;

public class RulerBench {
    public static void main(String[] args) throws Exception {
        List<String> events = Files.readAllLines(Path.of(args[0]));
        Map<String, Machine> machines = new LinkedHashMap<>();
        int id = 0;
        for (String line : Files.readAllLines(Path.of(args[1]))) {
            int tab = line.indexOf('\t');
            machines.computeIfAbsent(line.substring(0, tab), name -> new Machine()).addRule("rule-" + ++id, line.substring(tab + 1));
        }
        var threads = ManagementFactory.getThreadMXBean();
        for (var row : machines.entrySet()) {
            double best = 0;
            long matched = 0;
            for (int round = 0; round < 3; round++) {
                matched = 0;
                long began = threads.getCurrentThreadCpuTime();
                for (String event : events) matched += row.getValue().rulesForJSONEvent(event).size();
                best = Math.max(best, events.size() / ((threads.getCurrentThreadCpuTime() - began) / 1e9));
            }
            System.out.printf("%s\t%.0f\t%d%n", row.getKey(), best, matched);
        }
    }
}
