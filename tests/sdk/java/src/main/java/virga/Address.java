package virga;

import java.util.Objects;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbBean;

/** A bean within beans, with nulls left out. */
@DynamoDbBean
public final class Address {
    private String street;
    private Integer number;

    public Address() {}

    Address(String street, Integer number) {
        this.street = street;
        this.number = number;
    }

    public String getStreet() {
        return street;
    }

    public void setStreet(String street) {
        this.street = street;
    }

    public Integer getNumber() {
        return number;
    }

    public void setNumber(Integer number) {
        this.number = number;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Address a && Objects.equals(street, a.street) && Objects.equals(number, a.number);
    }

    @Override
    public int hashCode() {
        return Objects.hash(street, number);
    }

    @Override
    public String toString() {
        return street + " " + number;
    }
}
