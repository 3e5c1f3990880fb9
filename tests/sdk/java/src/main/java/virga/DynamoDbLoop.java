package virga;

import static virga.Failures.failure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.enhanced.dynamodb.Key;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.extensions.annotations.DynamoDbVersionAttribute;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbBean;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbPartitionKey;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.*;

/** A loop of calls that create, read, change and remove items, by the client and by beans: ENDPOINT ACCOUNT. Prints what it saw. */
public final class DynamoDbLoop {
    private static final String TABLE = "table";

    private static AttributeValue text(String s) {
        return AttributeValue.fromS(s);
    }

    private static List<Integer> count(DynamoDbClient db, Map<String, AttributeValue> key) {
        return IntStream.range(0, 3).mapToObj(i -> db.updateItem(r -> r.tableName(TABLE).key(key).updateExpression("ADD n :one")
                .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1"))).returnValues(ReturnValue.UPDATED_NEW)))
                .map(answer -> Integer.valueOf(answer.attributes().get("n").n())).toList();
    }

    private static void fill(DynamoDbClient db) {
        for (int batch = 0; batch < 2; ++batch) {
            List<WriteRequest> puts = new ArrayList<>();
            for (int i = 0; i < 25; ++i) {
                AttributeValue bytes = AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {(byte) i}));
                Map<String, AttributeValue> item = Map.of("pk", text("item " + batch + " " + i), "b", bytes);
                puts.add(WriteRequest.builder().putRequest(p -> p.item(item)).build());
            }
            db.batchWriteItem(r -> r.requestItems(Map.of(TABLE, puts)));
        }
    }

    private static String cancelled(DynamoDbClient db, Map<String, AttributeValue> key) {
        TransactionCanceledException e = failure(TransactionCanceledException.class, () -> db.transactWriteItems(r -> r.transactItems(
                TransactWriteItem.builder().put(p -> p.tableName(TABLE).item(Map.of("pk", text("b")))).build(),
                TransactWriteItem.builder().conditionCheck(c -> c.tableName(TABLE).key(key).conditionExpression("attribute_exists(pk)")).build())));
        return e.cancellationReasons().stream().map(reason -> '"' + reason.code() + '"').collect(Collectors.joining(", ", "[", "]"));
    }

    /** What the enhanced client keeps in the table. */
    @DynamoDbBean
    public static class Thing {
        private String pk;
        private List<Double> sizes;
        private Long version;

        @DynamoDbPartitionKey
        public String getPk() {
            return pk;
        }

        public void setPk(String pk) {
            this.pk = pk;
        }

        public List<Double> getSizes() {
            return sizes;
        }

        public void setSizes(List<Double> sizes) {
            this.sizes = sizes;
        }

        @DynamoDbVersionAttribute
        public Long getVersion() {
            return version;
        }

        public void setVersion(Long version) {
            this.version = version;
        }
    }

    private static void check(boolean holds, Object what) {
        if (!holds) throw new AssertionError(what);
    }

    /** The enhanced client's versions are conditions that it writes itself, and a stale one has to fail. */
    private static void beans(DynamoDbClient db) {
        DynamoDbTable<Thing> things = DynamoDbEnhancedClient.builder().dynamoDbClient(db).build().table(TABLE, TableSchema.fromBean(Thing.class));
        Thing made = new Thing();
        made.setPk("thing");
        made.setSizes(List.of(0.1, 2.5));
        Thing first = things.updateItem(made);
        check(first.getVersion() == 1 && first.getSizes().equals(List.of(0.1, 2.5)), first.getVersion());
        check(things.updateItem(first).getVersion() == 2, "the version is counted");
        failure(ConditionalCheckFailedException.class, () -> things.updateItem(first));
        Expression isSecond = Expression.builder().expression("version = :v").putExpressionValue(":v", AttributeValue.fromN("2")).build();
        check(things.scan(r -> r.filterExpression(isSecond)).items().stream().map(Thing::getPk).toList().equals(List.of("thing")), "scan");
        check(things.deleteItem(Key.builder().partitionValue("thing").build()).getVersion() == 2, "what was deleted is answered");
    }

    public static void main(String[] arguments) {
        try (DynamoDbClient db = Clients.at(DynamoDbClient.builder(), arguments[0], arguments[1]).build()) {
            Map<String, AttributeValue> key = Map.of("pk", text("a"));
            db.putItem(r -> r.tableName(TABLE).item(key));
            List<Integer> counts = count(db, key);
            ConditionalCheckFailedException failed = failure(ConditionalCheckFailedException.class,
                    () -> db.putItem(r -> r.tableName(TABLE).item(key).conditionExpression("attribute_not_exists(pk)")
                            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
            fill(db);
            db.deleteItem(r -> r.tableName(TABLE).key(key));
            List<Map<String, AttributeValue>> items = db.scanPaginator(r -> r.tableName(TABLE).limit(7)).items().stream().toList();
            for (Map<String, AttributeValue> item : items) {
                db.deleteItem(r -> r.tableName(TABLE).key(Map.of("pk", item.get("pk"))).conditionExpression("b = :b")
                        .expressionAttributeValues(Map.of(":b", item.get("b"))));
            }
            int left = db.scan(r -> r.tableName(TABLE)).count();
            beans(db);
            System.out.printf("{\"counts\": %s, \"condition\": \"%s\", \"old\": \"%s\", \"items\": %d, \"left\": %d, \"cancelled\": %s}%n",
                    counts, failed.awsErrorDetails().errorCode(), failed.item().get("pk").s(), items.size(), left, cancelled(db, key));
        }
    }
}
